import type { CommandScope } from '../../../foundation/command/command.ts';

const longest = 280;

/** a-z, 0-9 and hyphens made from a title; `suffix` tells two apart. A title without Latin letters becomes "product". */
export function slugOf(title: string, suffix: string | null): string {
  const words = title
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  const ending = suffix === null ? '' : `-${suffix}`;
  const base = (words || 'product').slice(0, longest - ending.length).replace(/-+$/, '');
  return `${base}${ending}`;
}

/** A slug that no product has, deleted ones included. One at a time per title: of two, the second gets an ending. */
export async function freeSlug({ tx }: Pick<CommandScope, 'tx'>, { id, title }: { id: string; title: string }): Promise<string> {
  const slug = slugOf(title, null);
  await tx.$queryRaw`SELECT 1 AS held FROM (SELECT pg_advisory_xact_lock(hashtext('catalog.product.slug'), hashtext(${slug}))) AS l`;
  const taken = await tx.product.count({ where: { slug, id: { not: id } } });
  return taken > 0 ? slugOf(title, id.slice(-8)) : slug;
}
