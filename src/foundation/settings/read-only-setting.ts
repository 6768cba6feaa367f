import { z } from 'zod';

export const readOnlySetting = 'read_only';

/** Since when nothing may be changed, and why. */
export type ReadOnly = { since: Date; reason: string };

export const readOnlyValue = z.discriminatedUnion('isOn', [
  z.object({ isOn: z.literal(false) }),
  z.object({ isOn: z.literal(true), since: z.iso.datetime(), reason: z.string() }),
]);

/** A value that does not parse closes the doors: what was to be protected stays protected until somebody looks. */
export function readOnlyOf(value: unknown): ReadOnly | null {
  if (value === undefined) return null;
  const parsed = readOnlyValue.safeParse(value);
  if (!parsed.success) return { since: new Date(0), reason: 'The setting cannot be read.' };
  return parsed.data.isOn ? { since: new Date(parsed.data.since), reason: parsed.data.reason } : null;
}
