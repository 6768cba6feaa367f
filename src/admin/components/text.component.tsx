type Globals = { FASHIONISTAR?: { texts: Readonly<Record<string, string>> | null } };

/** The person's language, sent with the page; null for English, where each sentence is its own text. */
const texts = (globalThis as Globals).FASHIONISTAR?.texts ?? null;

/** What a placeholder of a sentence becomes. */
export type TextValues = Readonly<Record<string, string | number>>;

/**
 * The words a person reads. The English sentence is its own key, with `{name}` where a value stands: `t('Ends {count} sessions', { count })`.
 * Sentences are written whole, never joined from parts, so that another language may order them its own way.
 */
export function t(sentence: string, values: TextValues = {}): string {
  const text = texts && Object.hasOwn(texts, sentence) ? (texts[sentence] ?? sentence) : sentence;
  return text.replace(/\{(\w+)\}/g, (placeholder, name: string) => String(values[name] ?? placeholder));
}
