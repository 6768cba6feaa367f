import React from 'react';
import { CommandButton } from '../../admin/components/command-button.component.tsx';
import { ReasonForm } from '../../admin/components/reason-form.component.tsx';
import { Link, recordHref } from '../../admin/components/router.component.tsx';
import { StatusPill, sentenceCase } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';
import { actionOf, targetOf, type VendorTabProps } from './vendor-types.component.tsx';

/** The store at a glance: whose it is, what is held, what it shares; and for 15 minutes the way back from an own suspension. */
export function VendorStrip(props: VendorTabProps): React.ReactElement {
  const { owner, kyc, payoutHeldUntil, signals, obstacles } = props.extra;
  const grave = signals.filter(({ status }) => status === 'suspended' || status === 'rejected' || status === 'closed').length;
  return (
    <>
      <ul className="fs-strip" aria-label={t('Status')}>
        {owner ? (
          <li>
            <Link href={recordHref('User', owner.userId)}>{owner.name ?? owner.memberId}</Link>{' '}
            <span className="fs-muted">{owner.contactMasked ?? t('No contact')}</span>
          </li>
        ) : null}
        {owner && owner.status !== 'active' ? (
          <li>
            <StatusPill tone="danger">{t('Owner is {status}', { status: owner.status })}</StatusPill>
          </li>
        ) : null}
        {kyc ? (
          <li>
            <StatusPill tone={kyc.status === 'approved' ? 'ok' : 'neutral'}>
              {t('KYC: {status}', { status: sentenceCase(kyc.status).toLowerCase() })}
            </StatusPill>
          </li>
        ) : null}
        {payoutHeldUntil ? (
          <li>
            <StatusPill tone="warn">
              <span>
                {t('Payouts held until')} <Time value={payoutHeldUntil} />
              </span>
            </StatusPill>
          </li>
        ) : null}
        {grave > 0 ? (
          <li>
            <StatusPill tone="danger">{t('Shares traces with a stopped store')}</StatusPill>
          </li>
        ) : null}
        {obstacles.includes('collections') ? (
          <li>
            <StatusPill tone="warn">{t('No collections yet')}</StatusPill>
          </li>
        ) : null}
      </ul>
      <WayBack {...props} />
    </>
  );
}

function WayBack({ answer, reload }: VendorTabProps): React.ReactElement | null {
  const [isOpen, setOpen] = React.useState(false);
  const undo = actionOf(answer, 'undoSuspension');
  if (!undo || undo.refusal !== null) return null;
  return (
    <p>
      <CommandButton action={undo} onPress={() => setOpen(true)} />
      {isOpen ? (
        <ReasonForm
          action={undo}
          target={targetOf(answer, undo)}
          onClose={() => setOpen(false)}
          onDone={() => {
            setOpen(false);
            reload();
          }}
        />
      ) : null}
    </p>
  );
}
