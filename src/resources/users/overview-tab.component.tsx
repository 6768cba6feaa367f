import type React from 'react';
import { useState } from 'react';
import type { Action, RecordJson } from '../../admin/components/admin-types.component.tsx';
import { MaskedValue } from '../../admin/components/masked-value.component.tsx';
import { ReasonForm } from '../../admin/components/reason-form.component.tsx';
import { sentenceCase } from '../../admin/components/status-pill.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';
import type { CustomerExtra } from './customer-types.component.tsx';
import { SignInTrace } from './sign-in-trace.component.tsx';

type Props = { extra: CustomerExtra; record: RecordJson; version: number | null; reveal: Action | null };

export function OverviewTab(props: Props): React.ReactElement {
  const { profile, trace } = props.extra;
  const place = [profile.city, profile.state, countryName(profile.countryCode)].filter(Boolean).join(', ');
  return (
    <>
      <section className="fs-card">
        <h2>Person</h2>
        <dl className="fs-facts">
          <div>
            <dt>{profile.emailMasked ? 'Email' : 'Phone'}</dt>
            <dd>
              <Contact {...props} />
            </dd>
          </div>
          <div>
            <dt>Signed up</dt>
            <dd>
              <Time value={profile.createdAt} /> by {profile.authMethod}
            </dd>
          </div>
          <div>
            <dt>Verified</dt>
            <dd>
              {profile.verifiedAt ? (
                <>
                  <Time value={profile.verifiedAt} />
                  {profile.verifiedHow ? ` by ${verifiedWords[profile.verifiedHow] ?? profile.verifiedHow}` : ''}
                </>
              ) : (
                'Not yet'
              )}
            </dd>
          </div>
          <div>
            <dt>Last sign-in</dt>
            <dd>{profile.lastLoginAt ? <Time value={profile.lastLoginAt} /> : 'Never'}</dd>
          </div>
          <div>
            <dt>Sign-ins</dt>
            <dd className="fs-tabular">{profile.loginCount}</dd>
          </div>
          <div>
            <dt>Place</dt>
            <dd>{place || 'Not given'}</dd>
          </div>
          <div>
            <dt>Language and time zone</dt>
            <dd>
              {languageName(profile.language)}, {profile.timezone}
            </dd>
          </div>
          {profile.bio ? (
            <div>
              <dt>About</dt>
              <dd className="fs-wrap">{profile.bio}</dd>
            </div>
          ) : null}
          {profile.status !== 'active' && profile.statusChangedAt ? (
            <div>
              <dt>{sentenceCase(profile.status)}</dt>
              <dd>
                <Time value={profile.statusChangedAt} />
                {profile.statusReasonCode ? `, ${profile.statusReasonCode.replaceAll('_', ' ')}` : ''}
                {profile.statusReason ? <blockquote>{profile.statusReason}</blockquote> : null}
              </dd>
            </div>
          ) : null}
        </dl>
      </section>
      {trace ? <SignInTrace trace={trace} firstName={profile.firstName} now={props.extra.now} most={3} /> : null}
    </>
  );
}

const verifiedWords: Readonly<Record<string, string>> = { otp: 'code', google: 'Google', manual: 'hand', invite: 'invitation' };

function countryName(code: string | null): string | null {
  return code ? (new Intl.DisplayNames(['en'], { type: 'region' }).of(code) ?? code) : null;
}

function languageName(code: string): string {
  return new Intl.DisplayNames(['en'], { type: 'language' }).of(code) ?? code;
}

/** The masked contact; revealing asks for a reason, shows it for a minute, and says how many reveals are left today. */
function Contact({ extra, record, version, reveal }: Props): React.ReactElement {
  const [left, setLeft] = useState(extra.revealsLeft);
  const [asking, setAsking] = useState<{ resolve: (value: string | null) => void } | null>(null);
  const { profile } = extra;
  const isOffered = reveal !== null && reveal.refusal === null && left !== 0;
  const answer = (value: string | null) => {
    asking?.resolve(value);
    setAsking(null);
  };
  return (
    <>
      <MaskedValue
        value={profile.emailMasked ?? profile.phoneMasked}
        label={profile.emailMasked ? 'email' : 'phone'}
        {...(isOffered ? { reveal: () => new Promise<string | null>((resolve) => setAsking({ resolve })) } : {})}
      />
      {reveal !== null && left !== null ? (
        <span className="fs-muted fs-small">
          {' '}
          {reveal.refusal ?? (left === 0 ? 'No reveals left today.' : `${left} reveals left today`)}
        </span>
      ) : null}
      {asking && reveal ? (
        <ReasonForm
          action={reveal}
          target={targetOf(record, version, reveal)}
          onClose={() => answer(null)}
          onDone={({ shown }) => {
            if (typeof shown?.quotaLeft === 'number') setLeft(shown.quotaLeft);
            answer(typeof shown?.value === 'string' ? shown.value : null);
          }}
        />
      ) : null}
    </>
  );
}

export function targetOf(record: RecordJson, version: number | null, action: Action) {
  const base = `/resources/User/records/${encodeURIComponent(record.id)}`;
  return { path: `${base}/${action.name}`, base, record, version };
}
