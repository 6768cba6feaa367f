import { pageState } from '../../admin/components/admin-types.component.tsx';
import { t } from '../../admin/components/text.component.tsx';

const { locale } = pageState.preferences;
const whole = new Intl.NumberFormat(locale);
const decimal = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });

export const numberText = (value: number): string => whole.format(value);

/** How long something waits, in the largest unit that says it. */
export function ageText(seconds: number | null): string {
  if (seconds === null) return t('None');
  if (seconds < 60) return t('{count} s', { count: whole.format(seconds) });
  if (seconds < 3600) return t('{count} min', { count: whole.format(Math.round(seconds / 60)) });
  if (seconds < 172_800) return t('{count} h', { count: decimal.format(seconds / 3600) });
  return t('{count} days', { count: whole.format(Math.round(seconds / 86_400)) });
}

export function durationText(ms: number | null): string {
  if (ms === null) return t('No figures');
  return ms < 1_000 ? t('{count} ms', { count: whole.format(ms) }) : t('{count} s', { count: decimal.format(ms / 1_000) });
}

export function rateText(perMinute: number): string {
  return perMinute === 0 ? t('None') : t('{count}/min', { count: decimal.format(perMinute) });
}
