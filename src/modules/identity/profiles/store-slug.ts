const longest = 160;
const reserved: ReadonlySet<string> = new Set(['admin', 'api', 'account', 'auth', 'docs', 'health', 'support', 'www', 'new']);

/**
 * The address of a store in links, made from its name: a-z, 0-9 and hyphens, 3 to 160. `suffix` tells two stores apart whose names
 * give the same, and makes a name without Latin letters or a reserved one usable.
 */
export function storeSlugOf(name: string, suffix: string | null): string {
  const words = name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  const isUsable = words.length >= 3 && !reserved.has(words);
  const base = isUsable ? words : ['store', words].filter(Boolean).join('-');
  const ending = suffix === null ? '' : `-${suffix}`;
  return `${base.slice(0, longest - ending.length).replace(/-+$/, '')}${ending}`;
}
