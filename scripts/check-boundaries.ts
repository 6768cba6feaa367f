import { checkSources } from './boundaries/check-sources.ts';
import { readSources } from './boundaries/read-source.ts';
import { PlainFailure, runScript } from './plain-failure.ts';
import { projectRoot } from './run-program.ts';

/** `npm run boundaries`: the import table and the placement rules of docs/architecture.md. */
await runScript(async () => {
  const files = readSources(projectRoot);
  const violations = checkSources(files);
  const imports = files.reduce((sum, file) => sum + file.imports.length, 0);
  const lines = violations.map(({ path, line, message }) => `${path}:${line}  ${message}`);
  if (lines.length > 0)
    throw new PlainFailure(`${lines.join('\n')}\n${lines.length} breaches of the architecture in ${files.length} modules.`);
  process.stdout.write(`${files.length} modules, ${imports} imports: within bounds\n`);
});
