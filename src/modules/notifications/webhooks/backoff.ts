/** Waits between the calls for one event: nearly a day in all. */
export const waitSeconds: readonly number[] = [5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 21_600, 36_000];

/** An endpoint that answered nothing well for so long is paused. */
export const givesUpAfterSeconds = 86_400;

/** Seconds until the next call after so many, spread by a tenth so that many events do not come back in one moment; null when it was the last. */
export function waitAfter(calls: number, chance: number): number | null {
  const wait = waitSeconds[calls - 1];
  return wait === undefined ? null : Math.round(wait * (0.9 + chance * 0.2));
}
