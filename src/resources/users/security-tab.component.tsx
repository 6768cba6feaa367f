import type React from 'react';
import { Link } from '../../admin/components/router.component.tsx';
import { sentenceCase } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';
import { isLater, type TabProps } from './customer-types.component.tsx';
import { Devices } from './devices.component.tsx';
import { Fact } from './overview-tab.component.tsx';
import { Passkeys } from './passkeys.component.tsx';
import { Sessions } from './sessions.component.tsx';
import { SignInTrace } from './sign-in-trace.component.tsx';

/** How the person signs in, where they are signed in, and what stood in the way lately. */
export function SecurityTab(props: TabProps): React.ReactElement {
  const { extra } = props;
  return (
    <>
      {extra.sessions ? <Sessions {...props} sessions={extra.sessions} /> : null}
      <Factors {...props} />
      <Passkeys {...props} />
      {extra.sessions ? <Devices devices={extra.profile.devices} now={extra.now} /> : null}
      {extra.trace ? <SignInTrace trace={extra.trace} firstName={extra.profile.firstName} now={extra.now} most={10} /> : null}
      {extra.logins ? (
        <p>
          <Link href={`/admin/resources/LoginEvent?filters.userId=${extra.profile.id}`}>{t('All sign-in attempts')}</Link>
        </p>
      ) : null}
    </>
  );
}

function Factors({ extra }: TabProps): React.ReactElement {
  const { security } = extra.profile;
  const factors = security.factors.filter((factor) => factor !== 'recovery_code').map(factorName);
  const password = security.hasPassword ? (security.isPasswordDisabled ? t('Switched off until reset') : t('Set')) : t('None');
  return (
    <section className="fs-card">
      <h2>{t('Sign-in')}</h2>
      <dl className="fs-facts">
        <Fact label={t('Password')}>{password}</Fact>
        <Fact label={t('Second factor')}>{factors.length > 0 ? factors.join(', ') : t('None')}</Fact>
        <Fact label={t('Recovery codes left')}>{security.recoveryCodesLeft}</Fact>
        <Fact label={t('Wrong tries in a row')}>{security.failedConsecutive}</Fact>
        {isLater(security.lockedUntil, extra.now) && security.lockedUntil ? (
          <Fact label={t('Locked until')}>
            <Time value={security.lockedUntil} /> {t('(wait number {level})', { level: Math.max(1, security.lockLevel) })}
          </Fact>
        ) : null}
      </dl>
    </section>
  );
}

function factorName(factor: string): string {
  return factor === 'totp' ? t('Authenticator app') : sentenceCase(factor);
}
