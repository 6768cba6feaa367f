import { writeFileSync } from 'node:fs';
import { environmentExample } from './environment-reference.ts';

// `npm run env-example`: writes .env.example; tests/architecture/environment.test.ts fails when it is not current.
writeFileSync(new URL('../.env.example', import.meta.url), environmentExample());
