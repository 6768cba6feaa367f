/** What goes with all that is in it. */
const spans = [
  [/<script\b/gi, /<\/script\s*>/gi],
  [/<style\b/gi, /<\/style\s*>/gi],
  [/<!--/g, /-->/g],
] as const;
const tags = /<\/?[a-z][^<>]*>/gi;
const tagStart = /<+(?=[a-z/!])/gi;
/** Layers that honest texts never have; each costs one more reading of the text. */
const layersAtMost = 8;

/**
 * Text without markup (product.md section 7): "a < b" stays, tags go, also those that appear once others are gone; of a tag that is
 * never closed, or lies deeper than anybody needs, goes what begins it. The time it takes grows with the length alone.
 */
export function withoutMarkup(typed: string): string {
  let text = typed;
  for (let layer = 0; layer < layersAtMost; layer += 1) {
    const next = spans.reduce((kept, [opening, closing]) => withoutSpans(kept, { opening, closing }), text).replaceAll(tags, '');
    if (next === text) break;
    text = next;
  }
  return text.replaceAll(tagStart, '');
}

/** Where one is never closed, none after it is. */
function withoutSpans(text: string, { opening, closing }: { opening: RegExp; closing: RegExp }): string {
  let kept = '';
  let from = 0;
  for (const { index } of text.matchAll(opening)) {
    if (index < from) continue;
    closing.lastIndex = index;
    if (!closing.test(text)) break;
    kept += text.slice(from, index);
    from = closing.lastIndex;
  }
  return kept + text.slice(from);
}
