/** Tells slow answers of one kind from ordinary ones. */
export type Slowness = {
  /** Notes the duration and says whether it was slow: over 500 ms, or over three times the 95th percentile of its kind. */
  isSlow(kind: string, ms: number): boolean;
};

const absoluteMs = 500;
const timesP95 = 3;
/** Durations remembered per kind; the percentile is taken anew each time they have all been replaced. */
const windowSize = 128;
/** Kinds are path templates, a closed set; the bound only guards against a caller that passes raw paths. */
const maxKinds = 1_000;

type Window = { recent: Float64Array; used: number; limit: number };

export function createSlowness(): Slowness {
  const windows = new Map<string, Window>();
  return {
    isSlow(kind, ms) {
      const window = windows.get(kind) ?? open(windows, kind);
      const isSlow = ms > window.limit;
      window.recent[window.used] = ms;
      window.used += 1;
      if (window.used === windowSize) {
        window.limit = limitOf(window.recent);
        window.used = 0;
      }
      return isSlow;
    },
  };
}

function open(windows: Map<string, Window>, kind: string): Window {
  const window = { recent: new Float64Array(windowSize), used: 0, limit: absoluteMs };
  if (windows.size < maxKinds) windows.set(kind, window);
  return window;
}

function limitOf(recent: Float64Array): number {
  const p95 = Float64Array.from(recent).sort()[Math.floor(windowSize * 0.95)] ?? absoluteMs;
  return Math.min(absoluteMs, p95 * timesP95);
}
