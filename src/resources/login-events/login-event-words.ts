import type { Row, Where } from '../../admin/index.ts';
import { shownIp } from '../../foundation/command/action-row.ts';
import type { CommandDeps } from '../../foundation/command/command.ts';
import { AppError } from '../../foundation/errors/app-error.ts';
import { countryCodeOf, fullPlaceName, headlineOf } from '../../modules/identity/index.ts';

export const outcomes = {
  success: { label: 'Signed in', tone: 'ok' },
  failed: { label: 'Failed', tone: 'warn' },
  blocked: { label: 'Blocked', tone: 'danger' },
  challenged: { label: 'Asked for a second factor', tone: 'info' },
} as const;

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** "Refused: wrong identifier or password"; nothing where the outcome alone says it. */
export function whyOf(row: Row): string | null {
  const reason = textOf(row.reasonCode);
  return reason === null ? null : headlineOf(String(row.outcome), reason);
}

/** "Lagos, Nigeria"; null where nobody knows. */
export function whereOf(row: Row): string | null {
  const country = textOf(row.countryCode);
  return country === null ? null : fullPlaceName({ country, city: textOf(row.city) });
}

/** The network the attempt came from, never the whole address. */
export function networkOf(row: Row): string | null {
  return shownIp(textOf(row.ip), 'truncated');
}

/** "Nigeria" and "ng" alike. */
export function whereCountry(text: string, operator: string): Where {
  if (operator === 'isEmpty') {
    if (text !== 'true' && text !== 'false') throw new AppError('invalid_filter', { extra: { filter: 'countryCode' } });
    return text === 'true' ? { countryCode: { equals: null } } : { NOT: { countryCode: { equals: null } } };
  }
  const codes = text.split(',').map(countryCodeOf);
  if (codes.includes(null) || codes.length > 50) throw new AppError('invalid_filter', { extra: { filter: 'countryCode' } });
  return { countryCode: { in: codes } };
}

const address = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[\da-f:]{2,39})(?:\/(?:24|48))?$/i;

/** A whole address finds the attempts of its network, as far as addresses are kept at all. */
export function whereAddress(text: string, _operator: string, deps: CommandDeps): Where {
  if (!address.test(text)) throw new AppError('invalid_filter', { extra: { filter: 'ip' } });
  const kept = shownIp(text, deps.config.auditIpMode);
  return kept === null ? { id: { in: [] } } : { ip: { equals: kept } };
}

export function titleOf(row: Row): string {
  const at = row.at instanceof Date ? row.at.toISOString().slice(0, 16).replace('T', ' ') : '';
  return `Sign-in of ${at} UTC`;
}
