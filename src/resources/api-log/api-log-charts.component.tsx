import type React from 'react';
import { pageState } from '../../admin/components/admin-types.component.tsx';
import { Chart } from '../../admin/components/chart.component.tsx';
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
        <h2>Requests and errors</h2>
        <Chart
          title="Requests and errors over time"
          summary={volumeWords(figures, label)}
          series={[
            { label: 'Requests', tone: 'brand' },
            { label: 'Errors', tone: 'accent' },
          ]}
          points={steps.map((step) => ({ label: label(step.at), values: [step.requests, step.errors] }))}
        />
      </section>
      <section className="fs-card">
        <h2>Time to answer</h2>
        <Chart
          title="Time to answer in milliseconds, over time"
          summary={latencyWords(figures, label)}
          series={[
            { label: 'Median, ms', tone: 'brand' },
            { label: '95th percentile, ms', tone: 'accent' },
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
  return `Most: ${numbers.format(busiest.requests)} in ${widthWords(seconds)} from ${label(busiest.at)}. ${numbers.format(errors)} errors, ${percentText(share)}.`;
}

const nobody = { at: new Date(0).toISOString(), requests: 0, errors: 0, p50: null, p95: null };

function latencyWords({ steps }: Figures, label: (at: string) => string): string {
  const slowest = steps.reduce((worst, step) => ((step.p95 ?? 0) > (worst.p95 ?? 0) ? step : worst), steps[0] ?? nobody);
  return `Slowest from ${label(slowest.at)}: 95 of 100 within ${msText(slowest.p95)}, half within ${msText(slowest.p50)}.`;
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
