import { sealBatch } from '../../../src/audit/seal/sealer.ts';
import { loadConfig } from '../../../src/foundation/config/config.ts';
import { openDatabase } from '../../../src/foundation/runtime/database.ts';
import { createLogger } from '../../../src/foundation/runtime/logger.ts';

// A sealer in a process of its own, to be killed: batches of 300 rows, one after the other, for as long as it lives.
const config = loadConfig({ NODE_ENV: 'test', LOG_LEVEL: 'silent', DATA_DIR: process.env['SEAL_DATA_DIR'] ?? '' });
const database = openDatabase({ url: process.env['SEAL_WORKER_URL'] ?? '', applicationName: 'killed-sealer', maxConnections: 1 });
process.stdout.write('ready\n');
for (;;) await sealBatch({ config, database, log: createLogger(config) }, 300);
