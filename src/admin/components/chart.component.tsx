import type React from 'react';
import { pageState } from './admin-types.component.tsx';
import { t } from './text.component.tsx';

export type ChartSeries = { label: string; tone: 'brand' | 'accent' };
export type ChartPoint = { label: string; values: readonly number[] };
export type ChartProps = {
  title: string;
  summary: string;
  /** `line` for time, `bars` (the default) for things side by side; at most two series. */
  kind?: 'line' | 'bars';
  series: readonly ChartSeries[];
  points: readonly ChartPoint[];
};

const width = 320;
const height = 96;
/** Room for the line at its highest and lowest. */
const inset = 3;

/** A line or bars of one or two series. The drawing is hidden from screen readers; a sentence and a table say the same. */
export function Chart(props: ChartProps): React.ReactElement {
  const { title, summary, kind = 'bars', series, points } = props;
  return (
    <figure className={`fs-chart fs-chart-of-${kind}`}>
      <figcaption>
        <span className="fs-visually-hidden">{title}. </span>
        <span className="fs-muted">{summary}</span>
        {series.length > 1 ? (
          <span className="fs-chart-key">
            {series.map((item) => (
              <span key={item.label} className={`fs-chart-${item.tone}`}>
                {item.label}
              </span>
            ))}
          </span>
        ) : null}
      </figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true" focusable="false">
        <line x1="0" x2={width} y1={height - 0.5} y2={height - 0.5} className="fs-chart-axis" />
        {kind === 'line' ? <Lines series={series} points={points} /> : <Bars series={series} points={points} />}
      </svg>
      {kind === 'line' ? <Ends points={points} /> : null}
      <AsTable series={series} points={points} />
    </figure>
  );
}

type Drawn = Pick<ChartProps, 'series' | 'points'>;

const topOf = (points: readonly ChartPoint[]) => Math.max(1, ...points.flatMap((point) => point.values));

function Lines({ series, points }: Drawn): React.ReactElement {
  const top = topOf(points);
  const step = width / Math.max(1, points.length - 1);
  const pathOf = (at: number) =>
    points
      .map(
        ({ values }, index) =>
          `${(index * step).toFixed(1)},${(height - inset - ((values[at] ?? 0) / top) * (height - 2 * inset)).toFixed(1)}`,
      )
      .join(' ');
  return (
    <>
      {series.map((item, at) => (
        <g key={item.label}>
          {at === 0 ? <polygon points={`0,${height} ${pathOf(at)} ${width},${height}`} className="fs-chart-ground" /> : null}
          <polyline points={pathOf(at)} className={`fs-chart-line-${item.tone}`} vectorEffect="non-scaling-stroke" />
        </g>
      ))}
    </>
  );
}

function Bars({ series, points }: Drawn): React.ReactElement {
  const top = topOf(points);
  const slot = width / Math.max(1, points.length);
  const bar = Math.max(1, (slot - 2) / series.length);
  return (
    <>
      {points.flatMap((point, index) =>
        point.values.map((value, at) => (
          <rect
            key={`${point.label} ${series[at]?.label ?? at}`}
            className={`fs-chart-bar-${series[at]?.tone ?? 'brand'}`}
            x={index * slot + at * bar}
            y={height - (value / top) * (height - 4)}
            width={bar}
            height={(value / top) * (height - 4)}
          />
        )),
      )}
    </>
  );
}

/** When the line begins and ends, and how high it goes. */
function Ends({ points }: Pick<ChartProps, 'points'>): React.ReactElement | null {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return null;
  return (
    <p className="fs-chart-ends" aria-hidden="true">
      <span>{shortLabel(first.label)}</span>
      <span>{t('most {top}', { top: numbers.format(Math.max(...points.flatMap((point) => point.values))) })}</span>
      <span>{shortLabel(last.label)}</span>
    </p>
  );
}

const numbers = new Intl.NumberFormat(pageState.preferences.locale);
const shortDay = new Intl.DateTimeFormat(pageState.preferences.locale, { day: 'numeric', month: 'short', timeZone: 'UTC' });

/** `2026-11-22` as "22 Nov"; anything else as it is. */
function shortLabel(label: string): string {
  return /^\d{4}-\d\d-\d\d$/.test(label) ? shortDay.format(new Date(label)) : label;
}

function AsTable({ series, points }: Drawn): React.ReactElement {
  return (
    <details>
      <summary>{t('As a table')}</summary>
      <table className="fs-table-plain">
        <thead>
          <tr>
            <th scope="col">{t('When')}</th>
            {series.map((item) => (
              <th scope="col" key={item.label} className="fs-number">
                {item.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {points.map((point) => (
            <tr key={point.label}>
              <th scope="row">{point.label}</th>
              {point.values.map((value, at) => (
                <td key={series[at]?.label ?? at} className="fs-number">
                  {value}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
