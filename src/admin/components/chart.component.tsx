import type React from 'react';

export type ChartSeries = { label: string; tone: 'brand' | 'accent' };
export type ChartPoint = { label: string; values: readonly number[] };

const width = 320;
const height = 96;

/** Bars of one or two series. The drawing is hidden from screen readers; a sentence and a table say the same. */
export function Chart(props: {
  title: string;
  summary: string;
  series: readonly ChartSeries[];
  points: readonly ChartPoint[];
}): React.ReactElement {
  const { title, summary, series, points } = props;
  const top = Math.max(1, ...points.flatMap((point) => point.values));
  const slot = width / Math.max(1, points.length);
  const bar = Math.max(1, (slot - 2) / series.length);
  return (
    <figure className="fs-chart">
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
      <svg viewBox={`0 0 ${width} ${height}`} aria-hidden="true" focusable="false">
        <line x1="0" x2={width} y1={height - 0.5} y2={height - 0.5} className="fs-chart-axis" />
        {points.flatMap((point, index) =>
          point.values.map((value, at) => (
            <rect
              key={`${point.label} ${series[at]?.label ?? at}`}
              className={`fs-chart-bar-${series[at]?.tone ?? 'brand'}`}
              x={index * slot + at * bar}
              y={height - (value / top) * (height - 4)}
              width={bar}
              height={(value / top) * (height - 4)}
              rx="1"
            />
          )),
        )}
      </svg>
      <details>
        <summary>As a table</summary>
        <table className="fs-table-plain">
          <thead>
            <tr>
              <th scope="col">When</th>
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
    </figure>
  );
}
