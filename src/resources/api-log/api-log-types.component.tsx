export type ApiLogRow = {
  id: string;
  at: string;
  requestId: string;
  auditRequest: string;
  actorId: string | null;
  actor: string | null;
  status: number;
  ms: number;
  reqBytes: number;
  resBytes: number;
  method: string;
  route: string;
  door: string;
  errorCode: string | null;
  isSlow: boolean;
  isSampled: boolean;
  ip: string | null;
  headers: Readonly<Record<string, string>>;
  body: Readonly<Record<string, unknown>> | null;
};

export type RouteFigures = {
  method: string;
  route: string;
  requests: number;
  kept: number;
  p50: number;
  p95: number;
  p99: number;
  slowest: number;
  refusedShare: number;
  failedShare: number;
};

export type Figures = {
  routes: readonly RouteFigures[];
  steps: readonly { at: string; requests: number; errors: number; p50: number | null; p95: number | null }[];
  seconds: number;
  isCut: boolean;
  losses: { lost: number; lastAt: string | null };
};

export type ApiLogView = {
  rows: readonly ApiLogRow[];
  next: string | null;
  figures: Figures | null;
  window: { from: string; to: string };
  samplePercent: number;
  keptDays: number;
  actorName: string | null;
};

/** What the browser knows of a status without asking: its class. */
export function toneOf(status: number): 'ok' | 'warn' | 'danger' | 'neutral' {
  if (status >= 500) return 'danger';
  if (status >= 400) return 'warn';
  return status >= 300 ? 'neutral' : 'ok';
}

const kibibyte = 1_024;

export function sizeText(bytes: number): string {
  if (bytes < kibibyte) return `${bytes} B`;
  if (bytes < kibibyte * kibibyte) return `${(bytes / kibibyte).toFixed(1)} KB`;
  return `${(bytes / kibibyte / kibibyte).toFixed(1)} MB`;
}

export function msText(ms: number | null): string {
  if (ms === null) return '-';
  return ms < 10_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(1)} s`;
}
