import { runScript } from './plain-failure.ts';
import { supervise } from './supervisor.ts';

// The production build, cookies, headers and gate, on loopback with demo data (back-office.md, settled details of section 3).
await runScript(() => supervise({ ...process.env, NODE_ENV: 'production', APP_LAB: '1' }));
process.exit();
