import type React from 'react';
import type { Tone } from '../../admin/components/admin-types.component.tsx';
import { StatusPill, sentenceCase } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';
import { type CustomerExtra, isLater } from './customer-types.component.tsx';
import { requestWords } from './request-words.component.tsx';

/** The customer at a glance, in one row under the name: what is so, what is held, and what waits for somebody. */
export function StatusStrip({ extra }: { extra: CustomerExtra }): React.ReactElement {
  const { profile } = extra;
  const hasMfa = profile.security.factors.length > 0;
  return (
    <ul className="fs-strip" aria-label={t('Status')}>
      <Mark tone={profile.verifiedAt ? 'ok' : 'warn'}>{profile.verifiedAt ? t('Verified') : t('Not verified')}</Mark>
      <Obstacles extra={extra} />
      <Mark tone={hasMfa ? 'ok' : 'neutral'}>{hasMfa ? t('Second factor on') : t('No second factor')}</Mark>
      <Mark tone="neutral">{t('Signs in by {method}', { method: profile.authMethod === 'google' ? 'Google' : profile.authMethod })}</Mark>
      <Mark tone={riskTone(profile.riskScore)}>{t('Risk {score}', { score: profile.riskScore })}</Mark>
      <Waiting extra={extra} />
      <li className="fs-muted">{sentenceCase(profile.kind)}</li>
      <li>
        <code>{profile.memberId}</code>
      </li>
    </ul>
  );
}

function Obstacles({ extra: { profile, now } }: { extra: CustomerExtra }): React.ReactElement {
  const { security, holds } = profile;
  return (
    <>
      {isLater(security.lockedUntil, now) && security.lockedUntil ? (
        <Mark tone="danger">
          <span>
            {t('Locked, open again')} <Time value={security.lockedUntil} />
          </span>
        </Mark>
      ) : null}
      {security.isPasswordDisabled ? <Mark tone="danger">{t('Password switched off')}</Mark> : null}
      {isLater(security.frozenUntil, now) ? <Mark tone="warn">{t('Sensitive actions frozen')}</Mark> : null}
      {holds.isOnLegalHold ? <Mark tone="warn">{t('Legal hold')}</Mark> : null}
      {isLater(holds.payoutHoldUntil, now) && holds.payoutHoldUntil ? (
        <Mark tone="warn">
          <span>
            {t('Payouts held until')} <Time value={holds.payoutHoldUntil} />
          </span>
        </Mark>
      ) : null}
      {holds.isProcessingRestricted ? <Mark tone="warn">{t('Processing restricted')}</Mark> : null}
    </>
  );
}

/** Open requests of two people and about data. */
function Waiting({ extra: { approvals, privacy } }: { extra: CustomerExtra }): React.ReactElement {
  return (
    <>
      {approvals?.map(({ id, kind }) => (
        <Mark key={id} tone="info">
          {t('Waits for a second person: {what}', { what: requestWords(kind) })}
        </Mark>
      ))}
      {privacy && privacy.length > 0 ? (
        <Mark tone="info">{privacy.length === 1 ? t('1 privacy request') : t('{count} privacy requests', { count: privacy.length })}</Mark>
      ) : null}
    </>
  );
}

function Mark({ tone, children }: { tone: Tone; children: React.ReactNode }): React.ReactElement {
  return (
    <li>
      <StatusPill tone={tone}>{children}</StatusPill>
    </li>
  );
}

function riskTone(score: number): Tone {
  if (score >= 70) return 'danger';
  return score >= 40 ? 'warn' : 'neutral';
}
