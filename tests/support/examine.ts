import type { PinnedKey } from '../../src/audit/proof/pinned-keys.ts';
import { type DoctorReport, runDoctor } from '../../src/audit/verify/doctor.ts';
import type { AdminSql } from './sealed-database.ts';

/** The doctor as `npm run audit:doctor` asks it. */
export function examineWith(admin: AdminSql, keys: readonly PinnedKey[], now: Date = new Date()): Promise<DoctorReport> {
  return runDoctor({ rows: admin, keys, now, eventDays: 35, isThorough: true });
}
