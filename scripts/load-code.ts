import { loadWeb } from '../src/app.ts';

// Loads what the service is made of and ends: with NODE_COMPILE_CACHE set, Node keeps the compiled code for the next process.
await loadWeb();
process.exit();
