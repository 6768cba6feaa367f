import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clientTypes } from './client-types.ts';
import { projectRoot } from './run-program.ts';

// `npm run client-types`: writes client/api-types.ts from the table of routes and the error catalogue.
writeFileSync(join(projectRoot, 'client/api-types.ts'), clientTypes());
