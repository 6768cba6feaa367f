import type React from 'react';
import { pageState } from '../../admin/components/admin-types.component.tsx';
import { Chart } from '../../admin/components/chart.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { type Figures, msText } from './api-log-types.component.tsx';

const { locale, timeZone } = pageState.preferences;
const numbers = new Intl.NumberFormat(locale);
const daySeconds = 86_400;

/** Two drawings over the same time: how many were asked and failed, and how long they took. */
export function ApiLogCharts({ figures }: { figures: Figures }): React.ReactElement | null {
  const { steps, seconds } = figures;
  if (steps.length < 2) return null;
  const label = labelOf(seconds);
  return (
    <div className="fs-log-charts">
      <section className="fs-card">
        <h2>{t('Requests and errors')}</h2>
        <Chart
          title={t('Requests and errors over time')}
          summary={volumeWords(figures, label)}
          series={[
            { label: t('Requests'), tone: 'brand' },
            { label: t('Errors'), tone: 'accent' },
          ]}
          points={steps.map((step) => ({ label: label(step.at), values: [step.requests, step.errors] }))}
        />
      </section>
      <section className="fs-card">
        <h2>{t('Time to answer')}</h2>
        <Chart
          title={t('Time to answer in milliseconds, over time')}
          summary={latencyWords(figures, label)}
          series={[
            { label: t('Median, ms'), tone: 'brand' },
            { label: t('95th percentile, ms'), tone: 'accent' },
          ]}
          points={steps.map((step) => ({ label: label(step.at), values: [step.p50 ?? 0, step.p95 ?? 0] }))}
        />
      </section>
    </div>
  );
}

function labelOf(seconds: number): (at: string) => string {
  const format = new Intl.DateTimeFormat(locale, {
    timeZone,
    ...(seconds >= daySeconds ? {} : { hour: '2-digit', minute: '2-digit' }),
    day: 'numeric',
    month: 'short',
  });
  return (at) => format.format(new Date(at));
}

function volumeWords({ steps, seconds }: Figures, label: (at: string) => string): string {
  const [first] = steps;
  const busiest = steps.reduce((most, step) => (step.requests > most.requests ? step : most), first ?? steps[0] ?? nobody);
  const errors = steps.reduce((sum, step) => sum + step.errors, 0);
  const all = steps.reduce((sum, step) => sum + step.requests, 0);
  const share = all === 0 ? 0 : errors / all;
  return t('Most: {requests} in {seconds} from {at}. {errors} errors, {share}.', {
    requests: numbers.format(busiest.requests),
    seconds: widthWords(seconds),
    at: label(busiest.at),
    errors: numbers.format(errors),
    share: percentText(share),
  });
}

const nobody = { at: new Date(0).toISOString(), requests: 0, errors: 0, p50: null, p95: null };

function latencyWords({ steps }: Figures, label: (at: string) => string): string {
  const slowest = steps.reduce((worst, step) => ((step.p95 ?? 0) > (worst.p95 ?? 0) ? step : worst), steps[0] ?? nobody);
  return t('Slowest from {at}: 95 of 100 within {p95}, half within {p50}.', {
    at: label(slowest.at),
    p95: msText(slowest.p95),
    p50: msText(slowest.p50),
  });
}

function widthWords(seconds: number): string {
  if (seconds < 3_600) return `${seconds / 60} ${seconds === 60 ? 'minute' : 'minutes'}`;
  if (seconds < daySeconds) return `${seconds / 3_600} ${seconds === 3_600 ? 'hour' : 'hours'}`;
  return `${Math.round(seconds / daySeconds)} ${seconds === daySeconds ? 'day' : 'days'}`;
}

/** "0 %", "below 0.1 %", "2.4 %". */
export function percentText(share: number): string {
  if (share === 0) return '0 %';
  return share < 0.001 ? 'below 0.1 %' : `${(share * 100).toFixed(1)} %`;
}
