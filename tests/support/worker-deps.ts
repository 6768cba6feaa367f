import type { CommandDeps } from '../../src/foundation/command/command.ts';
import type { Config } from '../../src/foundation/config/config.ts';
import { createAccessTokens } from '../../src/foundation/crypto/access-token.ts';
import { createKeyring } from '../../src/foundation/crypto/keyring.ts';
import { createPasswordHasher } from '../../src/foundation/crypto/password-hasher.ts';
import { openDatabase } from '../../src/foundation/runtime/database.ts';
import { createLogger } from '../../src/foundation/runtime/logger.ts';
import { findTicket } from '../../src/modules/support/index.ts';
import type { TestClock } from './clock.ts';

/** Dependencies on a login of the test's choice, with the test's clock and the log lines kept in `logs`. */
export function workerDeps(config: Config, parts: { clock: TestClock; logs: string[]; url: string }): CommandDeps {
  const { secrets } = config;
  return {
    config,
    clock: parts.clock,
    log: createLogger(config, { write: (line: string) => void parts.logs.push(line) }),
    database: openDatabase({ url: parts.url, applicationName: 'test-worker', maxConnections: 6 }),
    findTicket,
    keyring: createKeyring(secrets),
    accessTokens: createAccessTokens({ keys: secrets.jwtSigningKeys, issuer: 'i', audience: 'a', ttlSeconds: 600, clock: parts.clock }),
    hasher: createPasswordHasher({ cost: 4, peppers: secrets.passwordPeppers, concurrency: 1, queue: 8, waitMs: 2_000 }),
  };
}
