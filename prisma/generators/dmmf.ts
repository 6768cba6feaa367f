import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import generatorHelper from '@prisma/generator-helper';

/** Writes the data model, with ids and relations but without the 7 MB of query schema, to `<output>/dmmf.json`: the read-only AdminJS resources are built from it. */
generatorHelper.generatorHandler({
  onManifest: () => ({ prettyName: 'Data model for the back office', defaultOutput: '../generated' }),
  async onGenerate(options) {
    const folder = options.generator.output?.value;
    if (!folder) throw new Error('The dmmf generator has no output folder');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'dmmf.json'), `${JSON.stringify({ datamodel: options.dmmf.datamodel })}\n`);
  },
});
