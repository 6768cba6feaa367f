export type TextParams = Readonly<Record<string, string | number>>;

/** Replaces `{name}`; a part in square brackets goes when one of its parameters is not known. */
export function fill(text: string, params: TextParams): string {
  const whole = text.replace(/\[([^\]]*)\]/g, (_, part: string) =>
    namesIn(part).every((name) => Object.hasOwn(params, name)) ? part : '',
  );
  return whole.replace(/\{(\w+)\}/g, (placeholder, name: string) => (Object.hasOwn(params, name) ? String(params[name]) : placeholder));
}

/** The parameters a text takes, in order of appearance. */
export function namesIn(text: string): readonly string[] {
  return [...text.matchAll(/\{\w+\}/g)].map(([placeholder]) => placeholder.slice(1, -1));
}
