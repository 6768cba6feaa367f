import { validationError } from '../../../foundation/errors/app-error.ts';
import type { Tx } from '../../../foundation/runtime/database.ts';

export type CategoryLine = { code: string; name: string; parentCode: string | null; isActive: boolean; medianPrice: string | null };

/** The categories with these codes, by code; unknown ones are absent. */
export async function categoriesByCode(db: Pick<Tx, 'category'>, codes: readonly string[]): Promise<ReadonlyMap<string, CategoryLine>> {
  const rows = await db.category.findMany({ where: { code: { in: [...codes] } } });
  return new Map(
    rows.map(({ code, name, parentCode, isActive, medianPrice }) => [
      code,
      { code, name, parentCode, isActive, medianPrice: medianPrice?.toFixed(2) ?? null },
    ]),
  );
}

/** @throws AppError 422 `invalid_value` at `<path>.<index>` of each code that is unknown or not active */
export async function requireActiveCategories(db: Pick<Tx, 'category'>, codes: readonly string[], path = 'categoryCodes'): Promise<void> {
  if (codes.length === 0) return;
  const known = await categoriesByCode(db, codes);
  const errors = codes.flatMap((code, index) =>
    known.get(code)?.isActive ? [] : [{ path: `${path}.${index}`, code: 'invalid_value' as const }],
  );
  if (errors.length > 0) throw validationError(errors);
}

/** The categories that may be chosen, by name. */
export async function activeCategories(db: Pick<Tx, 'category'>): Promise<{ code: string; name: string; parentCode: string | null }[]> {
  return db.category.findMany({
    where: { isActive: true },
    orderBy: [{ name: 'asc' }, { code: 'asc' }],
    select: { code: true, name: true, parentCode: true },
  });
}
