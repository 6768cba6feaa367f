import { globSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../run-program.ts';
import { keysOf } from './component-texts.ts';
import { readSource, type Source } from './syntax.ts';

export const catalogueFile = join(projectRoot, 'src/foundation/i18n/locales/en-screens.ts');

/** Every component of the browser, by path. */
export function componentSources(): Source[] {
  return globSync('src/**/*.component.tsx', { cwd: projectRoot })
    .sort()
    .map((path) => readSource(join(projectRoot, path)));
}

/** The module that lists every sentence of every component once, in order. */
export function catalogueText(sources: readonly Source[]): string {
  const sentences = [...new Set(sources.flatMap(keysOf).map(({ sentence }) => sentence))].sort();
  return `/** Every sentence of the back office's screens, written by \`npm run texts\`. The English sentence is its own key. */
export const enScreens: readonly string[] = [
${sentences.map((sentence) => `  ${quoted(sentence)},`).join('\n')}
];
`;
}

/** As the formatter would have it: single quotes unless there are more of them inside than double ones. */
function quoted(sentence: string): string {
  const escaped = JSON.stringify(sentence).slice(1, -1).replaceAll('\\"', '"');
  const [single, double] = [sentence.split("'").length, sentence.split('"').length];
  return single > double ? `"${escaped.replaceAll('"', '\\"')}"` : `'${escaped.replaceAll("'", "\\'")}'`;
}
