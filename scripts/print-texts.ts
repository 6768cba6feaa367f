import { writeFileSync } from 'node:fs';
import { runScript } from './plain-failure.ts';
import { catalogueFile, catalogueText, componentSources } from './texts/catalogue.ts';

/** `npm run texts`: the catalogue of the screens' sentences, from the components. */
await runScript(async () => writeFileSync(catalogueFile, catalogueText(componentSources())));
