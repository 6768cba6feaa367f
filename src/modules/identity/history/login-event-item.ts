import type { LoginEvent } from '@prisma/client';
import { shownIp } from '../../../foundation/command/action-row.ts';
import { fullPlaceName } from './place.ts';

/** One attempt as staff see it; the address is cut to its network. */
export type LoginEventItem = {
  id: string;
  at: Date;
  surface: 'api' | 'admin';
  method: string;
  outcome: 'success' | 'failed' | 'blocked' | 'challenged';
  reasonCode: string | null;
  place: string;
  device: string;
  network: string | null;
  isNewDevice: boolean;
  isNewCountry: boolean;
  riskScore: number;
  sessionId: string | null;
};

export function itemOf(row: LoginEvent): LoginEventItem {
  const { id, at, surface, method, outcome, reasonCode, isNewDevice, isNewCountry, riskScore, sessionId } = row;
  const place = fullPlaceName({ country: row.countryCode, city: row.city });
  return {
    id,
    at,
    surface,
    method,
    outcome,
    reasonCode,
    place,
    device: row.deviceName ?? 'Unknown device',
    network: shownIp(row.ip, 'truncated'),
    isNewDevice,
    isNewCountry,
    riskScore,
    sessionId,
  };
}
