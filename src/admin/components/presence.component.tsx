import type React from 'react';
import { useEffect, useState } from 'react';
import { Icon } from './icon.component.tsx';
import { poll, useEvery } from './poll.component.tsx';
import { t } from './text.component.tsx';
import { initials } from './timeline.component.tsx';

type Viewer = { id: string; name: string };
type PresenceAnswer = { viewers: readonly Viewer[]; version: number | null };

const everyMs = 10_000;
const namedAtMost = 2;

/**
 * Who else has this record open, and a banner once it changed under the person. `version` is that of the record as it is shown; with
 * it and `onReload` the banner offers to load the record anew. Tells the others that this person has it open, while it is in sight.
 */
export function Presence(props: {
  resource: string;
  recordId: string;
  version?: number | null;
  onReload?: () => void;
}): React.ReactElement {
  const { resource, recordId, version = null, onReload } = props;
  const answer = usePresence(resource, recordId);
  const viewers = answer?.viewers ?? [];
  const isOlder = version !== null && answer !== null && answer.version !== null && answer.version > version;
  return (
    <div className="fs-presence">
      <div role="status" aria-live="polite" className="fs-presence-people">
        {viewers.length > 0 ? (
          <>
            <span className="fs-presence-faces" aria-hidden="true">
              {viewers.slice(0, 3).map((viewer) => (
                <span key={viewer.id} className="fs-avatar">
                  {initials(viewer.name)}
                </span>
              ))}
            </span>
            <span>{viewingText(viewers)}</span>
          </>
        ) : null}
      </div>
      {isOlder ? (
        <div role="alert" className="fs-banner fs-banner-warn fs-presence-changed">
          <Icon name="refresh" />
          <span>{t('This record changed while you had it open. What you see is older.')}</span>
          {onReload ? (
            <button type="button" className="fs-button fs-button-small" onClick={onReload}>
              {t('Show what it is now')}
            </button>
          ) : null}
        </div>
      ) : null}
    </div>
  );
}

function usePresence(resource: string, recordId: string): PresenceAnswer | null {
  const [answer, setAnswer] = useState<PresenceAnswer | null>(null);
  useEvery(everyMs, () => {
    void poll<PresenceAnswer>('/presence', { resource, recordId }).then((found) => {
      if (found) setAnswer((before) => (isSame(before, found) ? before : found));
    });
  });
  // A closed window says nothing; its row is over after 45 seconds.
  useEffect(() => () => void poll('/presence', { resource, recordId, isLeaving: true }), [resource, recordId]);
  return answer;
}

function isSame(before: PresenceAnswer | null, now: PresenceAnswer): boolean {
  return (
    before !== null &&
    before.version === now.version &&
    before.viewers.map(({ id }) => id).join() === now.viewers.map(({ id }) => id).join()
  );
}

function viewingText(viewers: readonly Viewer[]): string {
  const [first, second] = viewers.map(({ name }) => name);
  const others = viewers.length - namedAtMost;
  if (second === undefined) return t('{name} is viewing this', { name: first ?? '' });
  if (others <= 0) return t('{first} and {second} are viewing this', { first: first ?? '', second });
  return others === 1
    ? t('{first}, {second} and one more are viewing this', { first: first ?? '', second })
    : t('{first}, {second} and {count} more are viewing this', { first: first ?? '', second, count: others });
}
