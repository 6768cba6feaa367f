import type React from 'react';
import type { Tone } from '../../admin/components/admin-types.component.tsx';
import { StatusPill, sentenceCase } from '../../admin/components/status-pill.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';
import type { CustomerExtra } from './customer-types.component.tsx';

/** The customer at a glance, in one row under the name. */
export function StatusStrip({ extra }: { extra: CustomerExtra }): React.ReactElement {
  const { profile, now } = extra;
  const { security, holds } = profile;
  const isLocked = isLater(security.lockedUntil, now);
  const hasMfa = security.factors.length > 0;
  return (
    <ul className="fs-strip" aria-label="Status">
      <li>
        <StatusPill tone={profile.verifiedAt ? 'ok' : 'warn'}>{profile.verifiedAt ? 'Verified' : 'Not verified'}</StatusPill>
      </li>
      {isLocked && security.lockedUntil ? (
        <li>
          <StatusPill tone="danger">
            <span>
              Locked, open again <Time value={security.lockedUntil} />
            </span>
          </StatusPill>
        </li>
      ) : null}
      {isLater(security.frozenUntil, now) ? (
        <li>
          <StatusPill tone="warn">Sensitive actions frozen</StatusPill>
        </li>
      ) : null}
      {holds.isOnLegalHold ? (
        <li>
          <StatusPill tone="warn">Legal hold</StatusPill>
        </li>
      ) : null}
      {holds.isProcessingRestricted ? (
        <li>
          <StatusPill tone="warn">Processing restricted</StatusPill>
        </li>
      ) : null}
      <li>
        <StatusPill tone={hasMfa ? 'ok' : 'neutral'}>{hasMfa ? 'Second factor on' : 'No second factor'}</StatusPill>
      </li>
      <li>
        <StatusPill tone="neutral">Signs in by {profile.authMethod}</StatusPill>
      </li>
      <li>
        <StatusPill tone={riskTone(profile.riskScore)}>Risk {profile.riskScore}</StatusPill>
      </li>
      <li className="fs-muted">{sentenceCase(profile.kind)}</li>
      <li>
        <code>{profile.memberId}</code>
      </li>
    </ul>
  );
}

export function isLater(time: string | null, now: string): boolean {
  return time !== null && new Date(time) > new Date(now);
}

function riskTone(score: number): Tone {
  if (score >= 70) return 'danger';
  return score >= 40 ? 'warn' : 'neutral';
}
