import type React from 'react';
import { useId, useState } from 'react';
import type { Action, Tone } from '../../admin/components/admin-types.component.tsx';
import { Link, recordHref } from '../../admin/components/router.component.tsx';
import { StatusPill } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';

export type Line = {
  id: string;
  grantId: string;
  userId: string;
  name: string;
  jobTitle: string | null;
  lead: string | null;
  role: string;
  isLead: boolean;
  grantReason: string;
  since: string;
  expiresAt: string | null;
  lastUsedAt: string | null;
  lastLoginAt: string | null;
  state: 'open' | 'keep' | 'remove' | 'lapsed' | 'ended';
  decidedBy: string | null;
  decidedAt: string | null;
  reason: string | null;
  keep: Action | null;
  remove: Action | null;
};

const states: Readonly<Record<Line['state'], { label: string; tone: Tone }>> = {
  open: { label: t('Open'), tone: 'warn' },
  keep: { label: t('Kept'), tone: 'ok' },
  remove: { label: t('Removed'), tone: 'danger' },
  lapsed: { label: t('Lapsed'), tone: 'danger' },
  ended: { label: t('Ended before'), tone: 'neutral' },
};

/** One line for each grant, filtered by name and by what is still open. */
export function ReviewTable({
  lines,
  onOpen,
}: {
  lines: readonly Line[];
  onOpen: (action: Action, line: Line) => void;
}): React.ReactElement {
  const [text, setText] = useState('');
  const [isOpenOnly, setIsOpenOnly] = useState(false);
  const id = useId();
  const wanted = text.trim().toLowerCase();
  const shown = lines
    .filter((line) => !isOpenOnly || line.state === 'open')
    .filter((line) => wanted === '' || `${line.name} ${roleOf(line)} ${line.lead ?? ''}`.toLowerCase().includes(wanted));
  return (
    <>
      <div className="fs-simulator-filter">
        <div className="fs-field">
          <label htmlFor={id}>{t('Find a person, role or lead')}</label>
          <input id={id} type="search" value={text} onChange={(event) => setText(event.target.value)} />
        </div>
        <label className="fs-check">
          <input type="checkbox" checked={isOpenOnly} onChange={(event) => setIsOpenOnly(event.target.checked)} /> {t('Only open lines')}
        </label>
      </div>
      <p className="fs-muted" role="status">
        {t('{shown} of {total} lines', { shown: shown.length, total: lines.length })}
      </p>
      <div className="fs-scroll">
        <table className="fs-table-plain fs-cards-narrow">
          <thead>
            <tr>
              <th scope="col">{t('Person')}</th>
              <th scope="col">{t('Role')}</th>
              <th scope="col">{t('Last used')}</th>
              <th scope="col">{t('Outcome')}</th>
              <th scope="col">{t('Decide')}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((line) => (
              <ReviewRow key={line.id} line={line} onOpen={onOpen} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function roleOf({ role, isLead }: Line): string {
  const words = role.replaceAll('_', ' ');
  return isLead ? t('{role} lead', { role: words }) : words;
}

function ReviewRow({ line, onOpen }: { line: Line; onOpen: (action: Action, line: Line) => void }): React.ReactElement {
  const { label, tone } = states[line.state];
  return (
    <tr>
      <th scope="row">
        <Link href={recordHref('Staff', line.userId)}>{line.name}</Link>
        <p className="fs-muted fs-small">
          {[line.jobTitle, line.lead ? t('led by {name}', { name: line.lead }) : null].filter((words) => words !== null).join(', ')}
        </p>
      </th>
      <td>
        <Link href={recordHref('StaffGrant', line.grantId)}>{roleOf(line)}</Link>
        <p className="fs-muted fs-small fs-wrap">
          {t('since')} <Time value={line.since} />
          {line.expiresAt ? (
            <>
              , {t('ends')} <Time value={line.expiresAt} />
            </>
          ) : null}
          , {line.grantReason}
        </p>
      </td>
      <td>
        {line.lastUsedAt ? <Time value={line.lastUsedAt} /> : t('Never')}
        <p className="fs-muted fs-small">
          {line.lastLoginAt ? (
            <>
              {t('signed in')} <Time value={line.lastLoginAt} />
            </>
          ) : (
            t('never signed in')
          )}
        </p>
      </td>
      <td>
        <StatusPill tone={tone}>{label}</StatusPill>
        {line.decidedAt ? (
          <p className="fs-muted fs-small fs-wrap">
            {line.decidedBy ? t('by {name}', { name: line.decidedBy }) : null} <Time value={line.decidedAt} />
            {line.reason ? `: ${line.reason}` : ''}
          </p>
        ) : null}
      </td>
      <td>
        <Decide line={line} onOpen={onOpen} />
      </td>
    </tr>
  );
}

/** Refused buttons stay and say why, once for both. */
function Decide({ line, onOpen }: { line: Line; onOpen: (action: Action, line: Line) => void }): React.ReactElement | null {
  const id = useId();
  const actions = [line.keep, line.remove].filter((action) => action !== null);
  const refusal = actions[0]?.refusal ?? null;
  if (actions.length === 0) return null;
  return (
    <>
      <div className="fs-button-row">
        {actions.map((action) => (
          <button
            key={action.name}
            type="button"
            className="fs-button"
            aria-disabled={refusal !== null}
            aria-describedby={refusal ? id : undefined}
            onClick={() => (refusal === null ? onOpen(action, line) : undefined)}
          >
            {action.name === 'keepGrant' ? t('Keep') : t('Remove')}
            <span className="fs-visually-hidden">
              {' '}
              {roleOf(line)}, {line.name}
            </span>
          </button>
        ))}
      </div>
      {refusal ? (
        <p id={id} className="fs-muted fs-small">
          {refusal}
        </p>
      ) : null}
    </>
  );
}
