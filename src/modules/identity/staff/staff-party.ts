import { isIP } from 'node:net';
import type { Config } from '../../../foundation/config/config.ts';
import type { Party } from '../passkeys/verify-response.ts';

/**
 * The back office as the relying party of its own passkeys: host and origin of PUBLIC_URL. Browsers give passkeys to names, not to
 * addresses, so a copy on this machine that is reached by number takes those of `localhost`; strict production never does.
 */
export function backOfficeParty(config: Pick<Config, 'publicUrl' | 'mode' | 'port'>): Party {
  const { hostname, origin } = new URL(config.publicUrl);
  if (config.mode === 'production') return { webauthnRpId: hostname, webauthnOrigins: [origin] };
  const isNumber = isIP(hostname.replaceAll(/[[\]]/g, '')) !== 0;
  return {
    webauthnRpId: isNumber ? 'localhost' : hostname,
    webauthnOrigins: [...new Set([origin, `http://localhost:${config.port}`])],
  };
}
