import { pageState } from '../../admin/components/admin-types.component.tsx';
import { t } from '../../admin/components/text.component.tsx';

export type StatementOrder = 'total' | 'mean' | 'calls' | 'rows';

export type Statement = {
  id: string;
  text: string;
  calls: number;
  totalMs: number;
  meanMs: number;
  slowestMs: number;
  rows: number;
  share: number;
};

export type Report =
  | {
      state: 'ready';
      statements: readonly Statement[];
      logins: readonly { login: string; statements: number; calls: number; totalMs: number }[];
      since: string;
      forgotten: number;
    }
  | { state: 'missing' | 'unloaded' | 'refused' };

export type StatementsView = { by: StatementOrder; at: string; report: Report };

const { locale } = pageState.preferences;
const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const decimal = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
const fine = new Intl.NumberFormat(locale, { maximumSignificantDigits: 2 });
const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });

export const numberText = (value: number): string => whole.format(value);
export const shareText = (share: number): string => percent.format(share);

/** Milliseconds in a unit that says them: much of a database's work takes less than one. */
export function timeText(ms: number): string {
  if (ms < 10) return t('{count} ms', { count: fine.format(ms) });
  return ms < 1_000 ? t('{count} ms', { count: whole.format(ms) }) : t('{count} s', { count: decimal.format(ms / 1_000) });
}

export const rowsText = (rows: number): string => (rows < 10 ? decimal.format(rows) : whole.format(rows));
