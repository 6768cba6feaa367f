import { addSeconds, type Clock } from '../../src/foundation/runtime/clock.ts';

/** A clock that moves only when told to. Starts at the real time, since rows the database stamps itself are compared with it. */
export type TestClock = Clock & { advance(seconds: number): void };

export function createTestClock(start: Date = new Date()): TestClock {
  let now = start;
  return {
    now: () => now,
    advance(seconds) {
      now = addSeconds(now, seconds);
    },
  };
}
