import type React from 'react';
import { pageState } from '../../admin/components/admin-types.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { percentText } from './api-log-charts.component.tsx';
import { type Figures, msText, type RouteFigures } from './api-log-types.component.tsx';

const numbers = new Intl.NumberFormat(pageState.preferences.locale);

/** Each route with its percentiles. A route is a button that narrows the whole screen to it. */
export function ApiLogRoutes(props: {
  figures: Figures;
  samplePercent: number;
  onOnly: (changes: Readonly<Record<string, string>>) => void;
}): React.ReactElement {
  const { routes } = props.figures;
  return (
    <section className="fs-card fs-log-routes">
      <h2>{t('Routes')}</h2>
      <p className="fs-muted fs-small">
        {t(
          'Errors, slow answers and writes are all kept, of other reads {samplePercent} of 100. Counts and percentiles are weighted by that; "rows" says how many kept rows they rest on.',
          { samplePercent: props.samplePercent },
        )}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scroller must be reachable by keyboard. */}
      <section className="fs-scroll fs-log-scroll" tabIndex={0} aria-label={t('Routes and their figures')}>
        <table className="fs-table-plain">
          <thead>
            <tr>
              <th scope="col">{t('Route')}</th>
              {[t('Requests'), t('Half within'), '95 % within', '99 % within', t('Slowest'), t('Refused'), t('Failed'), t('Rows')].map(
                (head) => (
                  <th key={head} scope="col" className="fs-number">
                    {head}
                  </th>
                ),
              )}
            </tr>
          </thead>
          <tbody>
            {routes.map((route) => (
              <Route key={`${route.method} ${route.route}`} route={route} onOnly={props.onOnly} />
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}

function Route({
  route,
  onOnly,
}: {
  route: RouteFigures;
  onOnly: (changes: Readonly<Record<string, string>>) => void;
}): React.ReactElement {
  return (
    <tr>
      <th scope="row">
        <button
          type="button"
          className="fs-link-button fs-log-route"
          aria-label={t('Only {method} {route}', { method: route.method, route: route.route })}
          onClick={() => onOnly({ route: route.route, method: route.method })}
        >
          <code>{route.method}</code> <code>{route.route}</code>
        </button>
      </th>
      <td className="fs-number">{numbers.format(route.requests)}</td>
      <td className="fs-number">{msText(route.p50)}</td>
      <td className="fs-number">{msText(route.p95)}</td>
      <td className="fs-number">{msText(route.p99)}</td>
      <td className="fs-number">{msText(route.slowest)}</td>
      <td className="fs-number">{percentText(route.refusedShare)}</td>
      <td className="fs-number">{percentText(route.failedShare)}</td>
      <td className="fs-number">{numbers.format(route.kept)}</td>
    </tr>
  );
}
