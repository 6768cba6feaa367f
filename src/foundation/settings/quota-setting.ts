import { z } from 'zod';
import { type QuotaTable, quotas } from '../access/quotas.ts';
import { type Grade, grades } from '../access/roles.ts';

export const quotaSetting = 'quotas';

/** More a day than anybody can read with care; beyond it a quota would be none. */
export const mostPerDay = 2_000;

const perDay = z.number().int().min(0).max(mostPerDay);
export const quotaPair = z.strictObject({ people: perDay, reveals: perDay });
const overrides = z.partialRecord(z.enum(grades), quotaPair);

export type QuotaOverrides = z.infer<typeof overrides>;

/** What staff changed; an unreadable value changes nothing, so the numbers of the code hold. */
export function quotaOverridesOf(value: unknown): QuotaOverrides {
  const parsed = overrides.safeParse(value ?? {});
  return parsed.success ? parsed.data : {};
}

/** The quotas in force: those of the code, with what staff changed. */
export function quotaTableOf(changed: QuotaOverrides): QuotaTable {
  const table: Record<Grade, QuotaTable[Grade]> = { ...quotas };
  for (const grade of grades) table[grade] = changed[grade] ?? quotas[grade];
  return table;
}
