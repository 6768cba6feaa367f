/** Percent and lines are computed, never stored. */
export type VendorSetupView = { percent: number; lines: readonly { name: string; label: string; at: Date | null }[] };

type SetupRow = {
  profileDoneAt: Date | null;
  kycSentAt: Date | null;
  kycDoneAt: Date | null;
  bankAddedAt: Date | null;
  firstProductAt: Date | null;
} | null;

/** How far a store is set up, line by line. */
export function setupOf(setup: SetupRow): VendorSetupView {
  const lines = [
    { name: 'profile', label: 'Profile written', at: setup?.profileDoneAt ?? null },
    { name: 'kyc_sent', label: 'KYC sent', at: setup?.kycSentAt ?? null },
    { name: 'kyc_done', label: 'KYC approved', at: setup?.kycDoneAt ?? null },
    { name: 'bank', label: 'Bank account named', at: setup?.bankAddedAt ?? null },
    { name: 'product', label: 'First product written', at: setup?.firstProductAt ?? null },
  ];
  const done = lines.filter(({ at }) => at !== null).length;
  return { percent: Math.round((100 * done) / lines.length), lines };
}
