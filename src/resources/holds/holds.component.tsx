import type React from 'react';
import { useState } from 'react';
import type { Action } from '../../admin/components/admin-types.component.tsx';
import { CommandButton } from '../../admin/components/command-button.component.tsx';
import { EmptyState, ErrorState } from '../../admin/components/empty-state.component.tsx';
import { type ActionTarget, ReasonForm } from '../../admin/components/reason-form.component.tsx';
import { Link, recordHref, useAddress } from '../../admin/components/router.component.tsx';
import { StatusPill } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';
import { useIsSlow, useRemote } from '../../admin/components/use-remote.component.tsx';

type HoldRow = {
  id: string;
  subjectId: string | null;
  what: string;
  kind: 'person' | 'record' | 'month';
  reason: string;
  placedBy: string;
  placedAt: string;
  releasedAt: string | null;
};

type HoldsView = {
  state: 'open' | 'released' | 'all';
  holds: readonly HoldRow[];
  next: string | null;
  place: readonly Action[];
  release: { other: Action; person: Action } | null;
};

const path = '/pages/legal-holds';
const states = [
  ['open', t('Open')],
  ['released', t('Released')],
  ['all', t('All')],
] as const;
const kinds = { person: t('Person'), record: t('Record'), month: t('Month') } as const;

/** Legal holds: what is kept, who said so, why and since when; with the means to place and release them. */
export default function LegalHolds(): React.ReactElement {
  const { search } = useAddress();
  const remote = useRemote<HoldsView>(`${path}${search}`);
  const isSlow = useIsSlow(remote.isLoading && remote.data === null);
  const [open, setOpen] = useState<Asked | null>(null);
  if (remote.problem) return <ErrorState problem={remote.problem} retry={remote.reload} />;
  if (!remote.data) return <div className="fs-skeleton">{isSlow ? <div role="status" aria-label={t('Loading')} /> : null}</div>;
  const { holds, next, place, release, state } = remote.data;
  return (
    <>
      <header className="fs-screen-head">
        <h1>{t('Legal holds')}</h1>
        {place.map((action) => (
          <CommandButton key={action.name} action={action} onPress={() => setOpen({ action, target: targetOf(action, {}) })} />
        ))}
      </header>
      <nav aria-label={t('Which holds')} className="fs-choice-links">
        {states.map(([value, label]) => (
          <Link
            key={value}
            className="fs-button"
            href={`/admin/pages/legal-holds?state=${value}`}
            {...(value === state ? { 'aria-current': 'page' } : {})}
          >
            {label}
          </Link>
        ))}
      </nav>
      {holds.length === 0 ? (
        <EmptyState icon="archive" title={t('No holds')}>
          {t("Nothing is kept beyond its usual time. A hold on a person is placed on the person's page.")}
        </EmptyState>
      ) : (
        <HoldTable holds={holds} release={release} onRelease={setOpen} />
      )}
      {next ? <Link href={`/admin/pages/legal-holds?state=${state}&before=${next}`}>{t('Older')}</Link> : null}
      {open ? (
        <ReasonForm
          action={open.action}
          target={open.target}
          onClose={() => setOpen(null)}
          onDone={() => {
            setOpen(null);
            remote.reload();
          }}
        />
      ) : null}
    </>
  );
}

function targetOf(action: Action, fixedInput: Readonly<Record<string, unknown>>): ActionTarget {
  return { path, base: path, pageAction: action.name, record: null, version: null, fixedInput };
}

type Releases = { other: Action; person: Action };
type Asked = { action: Action; target: ActionTarget };

function releaseOf(release: Releases, hold: HoldRow): Asked {
  const action = hold.subjectId ? release.person : release.other;
  return { action, target: targetOf(action, hold.subjectId ? { id: hold.subjectId, holdId: hold.id } : { id: hold.id }) };
}

function Release(props: { release: Releases; hold: HoldRow; onRelease: (asked: Asked) => void }): React.ReactElement {
  const asked = releaseOf(props.release, props.hold);
  return <CommandButton isSmall isQuiet action={asked.action} about={props.hold.what} onPress={() => props.onRelease(asked)} />;
}

function HoldTable(props: { holds: readonly HoldRow[]; release: Releases | null; onRelease: (asked: Asked) => void }): React.ReactElement {
  return (
    /* biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls sideways must be reached by the keyboard. */
    <div className="fs-scroll" tabIndex={0} role="region" aria-label={t('Holds')}>
      <table className="fs-table-plain">
        <thead>
          <tr>
            <th scope="col">{t('What')}</th>
            <th scope="col">{t('Why')}</th>
            <th scope="col">{t('Placed by')}</th>
            <th scope="col">{t('Since')}</th>
            <th scope="col">{t('State')}</th>
          </tr>
        </thead>
        <tbody>
          {props.holds.map((hold) => (
            <tr key={hold.id}>
              <th scope="row">
                <span className="fs-muted fs-small">{kinds[hold.kind]}</span>{' '}
                {hold.subjectId ? <Link href={recordHref('User', hold.subjectId)}>{hold.what}</Link> : hold.what}
              </th>
              <td>{hold.reason === '' ? <span className="fs-muted">{t('Erased with the person')}</span> : hold.reason}</td>
              <td>{hold.placedBy}</td>
              <td>
                <Time value={hold.placedAt} />
              </td>
              <td>
                {hold.releasedAt ? (
                  <>
                    <StatusPill tone="neutral">{t('Released')}</StatusPill> <Time value={hold.releasedAt} />
                  </>
                ) : (
                  <>
                    <StatusPill tone="warn">{t('Open')}</StatusPill>{' '}
                    {props.release ? <Release release={props.release} hold={hold} onRelease={props.onRelease} /> : null}
                  </>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
