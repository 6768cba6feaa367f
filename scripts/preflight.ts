import { accessSync, constants } from 'node:fs';
import { resolve } from 'node:path';
import { connectAdmin } from '../prisma/runner/connect-admin.ts';
import { type Config, ConfigError, loadConfig } from '../src/foundation/config/config.ts';
import { makeFolder } from '../src/foundation/config/make-folder.ts';
import { listenOn } from './free-port.ts';
import { PlainFailure, systemCode } from './plain-failure.ts';

type Environment = Record<string, string | undefined>;

/** Everything that can be known to be wrong before anything is started; each is one line that says what to do. */
export async function preflight(env: Environment): Promise<Config> {
  refuseOldNode();
  prepareDataDir(resolve(env['DATA_DIR'] || '.data'));
  const config = readConfig(env);
  await refuseTakenPort(config.host, config.port);
  if (config.databaseUrl) await refuseDeafDatabase(config.databaseUrl);
  return config;
}

function refuseOldNode(): void {
  if (Number(process.versions.node.split('.')[0]) >= 24) return;
  throw new PlainFailure(`This is Node ${process.versions.node}; the project brings Node 24: start it with "npm start".`);
}

function prepareDataDir(dataDir: string): void {
  try {
    makeFolder(dataDir);
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new PlainFailure(`DATA_DIR ${dataDir} is not writable (${systemCode(error)}): set DATA_DIR to a folder you may write to.`);
  }
}

function readConfig(env: Environment): Config {
  try {
    return loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) throw new PlainFailure(error.message);
    if (systemCode(error)) throw new PlainFailure(`DATA_DIR cannot be used: ${String(error)}`);
    throw error;
  }
}

async function refuseDeafDatabase(databaseUrl: string): Promise<void> {
  try {
    const client = await connectAdmin(databaseUrl, 'fashionistar-preflight');
    await client.end();
  } catch (error) {
    throw new PlainFailure(error instanceof Error ? error.message : String(error));
  }
}

async function refuseTakenPort(host: string, port: number): Promise<void> {
  try {
    await listenOn(port, host);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'EADDRINUSE')
      throw new PlainFailure(`Port ${port} is taken: stop what uses it, or choose another with PORT=${port + 1} npm start.`);
    if (code === 'EACCES') throw new PlainFailure(`Port ${port} may not be used by this user: choose one above 1023 with PORT=3000.`);
    throw new PlainFailure(`HOST ${host} cannot be listened on (${code}): set HOST to an address of this machine.`);
  }
}
