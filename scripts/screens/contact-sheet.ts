import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { escapeHtml } from '../../src/foundation/runtime/escape-html.ts';
import type { Picture } from './look.ts';

/** index.html of the folder: faults first, then every screen of every role with its pictures side by side. */
export function writeContactSheet(folder: string, pictures: readonly Picture[], faults: readonly string[]): string {
  const file = join(folder, 'index.html');
  const roles = Map.groupBy(pictures, ({ role }) => role);
  const body = [...roles].map(([role, taken]) => section(role, taken)).join('\n');
  const list = faults.map((fault) => `<li><code>${escapeHtml(fault)}</code></li>`).join('');
  writeFileSync(
    file,
    `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Screens</title>
<style>
body { font: 14px/1.5 system-ui, sans-serif; margin: 24px; color-scheme: light dark; }
.row { display: flex; gap: 12px; overflow-x: auto; align-items: start; padding-bottom: 16px; }
figure { margin: 0; flex: none; } img { width: 320px; max-height: 420px; object-fit: cover; object-position: top; border: 1px solid #8888; }
figcaption { font-size: 12px; opacity: 0.75; } nav a { margin-right: 12px; } code { overflow-wrap: anywhere; }
</style></head><body>
<h1>${pictures.length} pictures, ${faults.length} faults</h1>
<nav>${[...roles.keys()].map((role) => `<a href="#${escapeHtml(role)}">${escapeHtml(role)}</a>`).join('')}</nav>
<ol>${list}</ol>
${body}
</body></html>
`,
  );
  return file;
}

function section(role: string, pictures: readonly Picture[]): string {
  const screens = Map.groupBy(pictures, ({ screen }) => screen);
  const rows = [...screens].map(([screen, looks]) => `<h3>${escapeHtml(screen)}</h3><div class="row">${looks.map(figure).join('')}</div>`);
  return `<h2 id="${escapeHtml(role)}">${escapeHtml(role)}</h2>${rows.join('\n')}`;
}

function figure({ file, look, screen }: Picture): string {
  const source = escapeHtml(file);
  return `<figure><a href="${source}"><img loading="lazy" src="${source}" alt="${escapeHtml(`${screen}, ${look}`)}"></a><figcaption>${escapeHtml(look)}</figcaption></figure>`;
}
