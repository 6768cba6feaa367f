import { runScript } from './plain-failure.ts';
import { supervise } from './supervisor.ts';

await runScript(() => supervise(process.env));
process.exit();
