import type React from 'react';
import { useState } from 'react';
import type { Action } from '../../admin/components/admin-types.component.tsx';
import { EmptyState, ErrorState } from '../../admin/components/empty-state.component.tsx';
import { ReasonForm } from '../../admin/components/reason-form.component.tsx';
import { Link, recordHref, useAddress } from '../../admin/components/router.component.tsx';
import { StatusPill } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';
import { useIsSlow, useRemote } from '../../admin/components/use-remote.component.tsx';

type Registration = {
  flowId: string;
  kind: 'client' | 'vendor';
  contactMasked: string;
  startedAt: string;
  expiresAt: string;
  sends: number;
  triesLeft: number;
  nextSendAt: string;
};

type View = {
  resend: Action;
  now: string;
  found: { contactMasked: string; userId: string | null; open: readonly Registration[] } | null;
};

const path = '/pages/unfinished-registrations';

/** "I signed up but the code never came": looks a sign-up up by its whole contact and sends the code again. */
export default function UnfinishedRegistrations(): React.ReactElement {
  const { search } = useAddress();
  const [typed, setTyped] = useState(() => new URLSearchParams(search).get('contact') ?? '');
  const [asked, setAsked] = useState('');
  const remote = useRemote<View>(asked === '' ? path : `${path}?contact=${encodeURIComponent(asked)}`);
  const isSlow = useIsSlow(remote.isLoading);
  return (
    <>
      <header className="fs-screen-head">
        <h1>{t('Unfinished registrations')}</h1>
      </header>
      <p className="fs-muted">
        {t(
          'Somebody who signed up and never gave the code back has no account yet. Type their whole email or number; the look-up is recorded.',
        )}
      </p>
      <search>
        <form
          className="fs-lookup"
          onSubmit={(event) => {
            event.preventDefault();
            if (typed.trim() === asked) remote.reload();
            else setAsked(typed.trim());
          }}
        >
          <div className="fs-field">
            <label htmlFor="fs-lookup-contact">{t('Whole email or phone number')}</label>
            <input
              id="fs-lookup-contact"
              type="text"
              autoComplete="off"
              spellCheck={false}
              maxLength={254}
              required
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          </div>
          <button type="submit" className="fs-button fs-button-primary">
            {t('Look up')}
          </button>
        </form>
      </search>
      <div aria-live="polite">
        {remote.problem ? <ErrorState problem={remote.problem} retry={remote.reload} /> : null}
        {isSlow ? <p role="status">{t('Looking')}</p> : null}
        {remote.data?.found && !remote.problem ? <Found view={remote.data} reload={remote.reload} /> : null}
      </div>
    </>
  );
}

function Found({ view, reload }: { view: View; reload: () => void }): React.ReactElement | null {
  const { found, resend, now } = view;
  if (!found) return null;
  if (found.userId) {
    return (
      <EmptyState icon="user" title={t('This contact has an account')}>
        <Link href={recordHref('User', found.userId)}>{t('Open {contact}', { contact: found.contactMasked })}</Link>
      </EmptyState>
    );
  }
  if (found.open.length === 0) {
    return (
      <EmptyState icon="search" title={t('Nothing is unfinished for {contact}', { contact: found.contactMasked })}>
        {t('They have not signed up, or more than half an hour went by since. They can simply sign up again.')}
      </EmptyState>
    );
  }
  return (
    <ol className="fs-lookup-list">
      {found.open.map((registration) => (
        <li key={registration.flowId} className="fs-card">
          <OneRegistration registration={registration} resend={resend} now={now} reload={reload} />
        </li>
      ))}
    </ol>
  );
}

function OneRegistration(props: { registration: Registration; resend: Action; now: string; reload: () => void }): React.ReactElement {
  const { registration, resend, now, reload } = props;
  const [isOpen, setIsOpen] = useState(false);
  const mustWait = new Date(registration.nextSendAt) > new Date(now);
  return (
    <>
      <h2>
        <code>{registration.contactMasked}</code>{' '}
        <StatusPill tone="warn">{registration.kind === 'vendor' ? t('Vendor, not verified') : t('Client, not verified')}</StatusPill>
      </h2>
      <dl className="fs-facts">
        <div>
          <dt>{t('Signed up')}</dt>
          <dd>
            <Time value={registration.startedAt} />
          </dd>
        </div>
        <div>
          <dt>{t('Can be finished until')}</dt>
          <dd>
            <Time value={registration.expiresAt} />
          </dd>
        </div>
        <div>
          <dt>{t('Codes sent')}</dt>
          <dd className="fs-tabular">{registration.sends}</dd>
        </div>
        <div>
          <dt>{t('Tries left for the last code')}</dt>
          <dd className="fs-tabular">{registration.triesLeft}</dd>
        </div>
      </dl>
      <button type="button" className="fs-button" aria-disabled={mustWait} onClick={() => setIsOpen(!mustWait)}>
        {resend.label}
      </button>
      {mustWait ? (
        <span className="fs-muted fs-small">
          {' '}
          {t('The next code may go out')} <Time value={registration.nextSendAt} />
        </span>
      ) : null}
      {isOpen ? (
        <ReasonForm
          action={{ ...resend, form: [] }}
          target={{ path, base: path, pageAction: resend.name, record: null, version: null, fixedInput: { id: registration.flowId } }}
          onClose={() => setIsOpen(false)}
          onDone={() => {
            setIsOpen(false);
            reload();
          }}
        />
      ) : null}
    </>
  );
}
