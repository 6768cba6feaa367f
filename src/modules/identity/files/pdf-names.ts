/** A name of a PDF as readers understand it, and where it stands. */
type PdfName = { name: string; at: number };

const nameForm = /\/((?:[^\s\0()<>[\]{}/%#]|#[0-9a-fA-F]{2}){1,40})/g;

/** Every name of a text, those in strings and comments too. */
export function* namesIn(text: string): Generator<PdfName> {
  for (const match of text.matchAll(nameForm)) yield { name: nameOf(match[1] ?? ''), at: match.index };
}

/** `/J#61vaScript` is `/JavaScript`. */
function nameOf(spelled: string): string {
  if (!spelled.includes('#')) return spelled;
  return spelled.replace(/#([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
