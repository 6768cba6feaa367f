import type React from 'react';
import { useState } from 'react';
import type { Action, ShowAnswer } from '../../admin/components/admin-types.component.tsx';
import { ErrorState } from '../../admin/components/empty-state.component.tsx';
import { type ActionTarget, ReasonForm } from '../../admin/components/reason-form.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { useRemote } from '../../admin/components/use-remote.component.tsx';
import { type Address, type Profile, partOf, type TabProps } from './customer-types.component.tsx';
import { Fact } from './overview-tab.component.tsx';
import { countryName } from './place-names.component.tsx';
import { Revealable, RevealsLeft } from './reveal.component.tsx';

type Props = TabProps & { client: NonNullable<Profile['client']> };
type Open = { action: Action; target: ActionTarget };

/** Where parcels go and which news the shopper gets, with what support may correct there. The rights come with the client's own record. */
export function ClientParts(props: Props): React.ReactElement {
  const { answer, client, reload } = props;
  const base = `/resources/Client/records/${client.id}`;
  const remote = useRemote<ShowAnswer>(`${base}/show`);
  const [open, setOpen] = useState<Open | null>(null);
  if (remote.problem) return <ErrorState problem={remote.problem} retry={remote.reload} />;
  const offer = (name: string, part: Partial<ActionTarget>) => {
    const action = remote.data?.actions.find((each) => each.name === name) ?? null;
    if (!action) return null;
    const { subjectUserId, extra } = answer;
    const common = { path: `${base}/${name}`, base, subjectUserId, hasCaller: Boolean(extra.callerCheck), record: null, version: null };
    return <EditButton action={action} onOpen={() => setOpen({ action, target: { ...common, ...part } })} />;
  };
  const { emailNotifications, smsNotifications, version } = client;
  const news = partOf(client.id, t('Order news'), { emailNotifications, smsNotifications });
  return (
    <>
      <section className="fs-card">
        <h2>{t('Delivery addresses')}</h2>
        <RevealsLeft {...props} />
        <dl className="fs-facts">
          <Fact label={t('Default delivery address')}>
            <Revealable
              {...props}
              field="shipping_address"
              label={t('delivery address')}
              masked={client.hasShippingAddress ? '•••' : null}
            />{' '}
            {offer('editShippingAddress', {
              version,
              record: partOf(client.id, '', { address: client.hasShippingAddress ? '•••' : null }),
            })}
          </Fact>
          {props.extra.profile.addresses.map((address) => (
            <Fact key={address.id} label={address.isDefault ? t('{label} (default)', { label: address.label }) : address.label}>
              <Revealable {...props} field="address" addressId={address.id} label={address.label} masked={maskedAddress(address)} />{' '}
              {offer('editAddress', {
                version: address.version,
                record: partOf(address.id, address.label, { ...address, phone: null }),
                fixedInput: { addressId: address.id },
              })}
            </Fact>
          ))}
        </dl>
      </section>
      <section className="fs-card">
        <h2>{t('Order news')}</h2>
        <dl className="fs-facts">
          <Fact label={t('By email')}>{client.emailNotifications ? t('On') : t('Off')}</Fact>
          <Fact label={t('By SMS')}>{client.smsNotifications ? t('On') : t('Off')}</Fact>
        </dl>
        {offer('editNotifications', { version, record: news })}
      </section>
      {open ? (
        <ReasonForm
          action={open.action}
          target={open.target}
          onClose={() => setOpen(null)}
          onDone={() => {
            setOpen(null);
            reload();
          }}
        />
      ) : null}
    </>
  );
}

function EditButton({ action, onOpen }: { action: Action; onOpen: () => void }): React.ReactElement {
  return (
    <button
      type="button"
      className="fs-button fs-button-small"
      aria-disabled={action.refusal !== null}
      {...(action.refusal ? { title: action.refusal } : {})}
      onClick={() => (action.refusal === null ? onOpen() : undefined)}
    >
      {action.label}
    </button>
  );
}

/** Street and receiver stay hidden. */
function maskedAddress({ city, state, postalCode, countryCode }: Address): string {
  return ['•••', city, state, postalCode, countryName(countryCode)].filter(Boolean).join(', ');
}
