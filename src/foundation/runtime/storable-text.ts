/** Whether PostgreSQL can store a text: it knows no U+0000, and UTF-8 has no half of a surrogate pair. */
export function isStorableText(text: string): boolean {
  return !text.includes('\u0000') && text.isWellFormed();
}
