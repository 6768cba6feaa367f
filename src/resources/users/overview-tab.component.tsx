import type React from 'react';
import { sentenceCase } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';
import type { Profile, TabProps } from './customer-types.component.tsx';
import { countryName, languageName } from './place-names.component.tsx';
import { Revealable, RevealsLeft } from './reveal.component.tsx';
import { SignInTrace } from './sign-in-trace.component.tsx';

export function OverviewTab(props: TabProps): React.ReactElement {
  const { profile, trace, now } = props.extra;
  const isMail = profile.emailMasked !== null;
  return (
    <>
      <section className="fs-card">
        <h2>{t('Person')}</h2>
        <RevealsLeft {...props} />
        <dl className="fs-facts">
          <Fact label={isMail ? t('Email') : t('Phone')}>
            <Revealable
              {...props}
              field={isMail ? 'email' : 'phone'}
              label={isMail ? t('email') : t('phone')}
              masked={profile.emailMasked ?? profile.phoneMasked}
            />
          </Fact>
          <Fact label={t('Address')}>
            <Revealable {...props} field="address" label={t('address')} masked={profile.hasAddress ? '•••' : null} />
          </Fact>
          <Fact label={t('Signed up')}>
            <Time value={profile.createdAt} />{' '}
            {t('by {method}', { method: profile.authMethod === 'google' ? 'Google' : profile.authMethod })}
          </Fact>
          <Fact label={t('Verified')}>
            {profile.verifiedAt ? (
              <>
                <Time value={profile.verifiedAt} /> {verifiedBy(profile)}
              </>
            ) : (
              t('Not yet')
            )}
          </Fact>
          <Fact label={t('Last sign-in')}>{profile.lastLoginAt ? <Time value={profile.lastLoginAt} /> : t('Never')}</Fact>
          <Fact label={t('Sign-ins')}>{profile.loginCount}</Fact>
          <Fact label={t('Place')}>
            {[profile.city, profile.state, countryName(profile.countryCode)].filter(Boolean).join(', ') || t('Not given')}
          </Fact>
          <Fact label={t('Language and time zone')}>
            {languageName(profile.language)}, {profile.timezone}
          </Fact>
          {profile.bio ? (
            <Fact label={t('About')}>
              <span className="fs-wrap">{profile.bio}</span>
            </Fact>
          ) : null}
          <StatusFact profile={profile} />
        </dl>
      </section>
      {trace ? <SignInTrace trace={trace} firstName={profile.firstName} now={now} most={3} /> : null}
    </>
  );
}

function StatusFact({ profile }: { profile: Profile }): React.ReactElement | null {
  if (profile.status === 'active' || !profile.statusChangedAt) return null;
  return (
    <Fact label={sentenceCase(profile.status)}>
      <Time value={profile.statusChangedAt} />
      {profile.statusReasonCode ? `, ${profile.statusReasonCode.replaceAll('_', ' ')}` : ''}
      {profile.statusReason ? <blockquote>{profile.statusReason}</blockquote> : null}
    </Fact>
  );
}

function verifiedBy({ verifiedHow }: Profile): string {
  switch (verifiedHow) {
    case 'otp':
      return t('by code');
    case 'google':
      return t('by Google');
    case 'manual':
      return t('by hand');
    case 'invite':
      return t('by invitation');
    default:
      return '';
  }
}

export function Fact({ label, children }: { label: string; children: React.ReactNode }): React.ReactElement {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
