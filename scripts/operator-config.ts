import { type Config, ConfigError, loadConfig } from '../src/foundation/config/config.ts';
import { environment } from '../src/foundation/config/environment.ts';
import { verifySettings } from './audit-settings.ts';
import { PlainFailure } from './plain-failure.ts';

/**
 * Settings of a command that an operator runs beside the service: those of the environment, and where no database is named, the one
 * that `npm start` brought along. Whatever is wrong is one plain message.
 */
export function operatorConfig(): Config {
  const env = environment();
  const { adminUrl } = verifySettings(env);
  if (!adminUrl) throw new PlainFailure('No database: set DATABASE_URL, or start the embedded one with "npm start".');
  try {
    return loadConfig({ ...env, DATABASE_URL: adminUrl });
  } catch (error) {
    throw error instanceof ConfigError ? new PlainFailure(error.message) : error;
  }
}
