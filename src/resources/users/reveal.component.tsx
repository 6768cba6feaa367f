import type React from 'react';
import { createContext, useContext, useMemo, useState } from 'react';
import { MaskedValue } from '../../admin/components/masked-value.component.tsx';
import { ReasonForm } from '../../admin/components/reason-form.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { actionOf, type CustomerExtra, type TabProps, targetOf } from './customer-types.component.tsx';

type Field = 'email' | 'phone' | 'address' | 'shipping_address';

/** What is left of the day's reveals as the last one told; the page is not loaded again for it, which would hide what was revealed. */
const Left = createContext<{ left: number | null; tell: (left: number) => void }>({ left: null, tell: () => undefined });

export function RevealsProvider({ extra, children }: { extra: CustomerExtra; children: React.ReactNode }): React.ReactElement {
  const [told, setTold] = useState<{ page: string; left: number } | null>(null);
  const left = told?.page === extra.now ? told.left : extra.revealsLeft;
  const value = useMemo(() => ({ left, tell: (now: number) => setTold({ page: extra.now, left: now }) }), [left, extra.now]);
  return <Left.Provider value={value}>{children}</Left.Provider>;
}

/**
 * One field in its mask; revealing it asks for reason, ticket and a fresh factor, shows it for a minute and uses one reveal of the day.
 */
export function Revealable(
  props: TabProps & { field: Field; label: string; masked: string | null; addressId?: string },
): React.ReactElement {
  const { answer, field, label, masked, addressId } = props;
  const [asking, setAsking] = useState<{ resolve: (value: string | null) => void } | null>(null);
  const { left, tell } = useContext(Left);
  const reveal = actionOf(answer, 'revealContact');
  const isOffered = reveal !== null && reveal.refusal === null && left !== 0;
  const finish = (value: string | null) => {
    asking?.resolve(value);
    setAsking(null);
  };
  return (
    <>
      <MaskedValue
        value={masked}
        label={label}
        {...(isOffered ? { reveal: () => new Promise<string | null>((resolve) => setAsking({ resolve })) } : {})}
      />
      {asking && reveal ? (
        <ReasonForm
          action={{ ...reveal, label: t('Reveal {label}', { label }) }}
          target={targetOf(answer, reveal, { fixedInput: { field, ...(addressId ? { addressId } : {}) } })}
          onClose={() => finish(null)}
          onDone={({ shown }) => {
            if (typeof shown?.quotaLeft === 'number') tell(shown.quotaLeft);
            finish(typeof shown?.value === 'string' ? shown.value : null);
          }}
        />
      ) : null}
    </>
  );
}

/** How many reveals the day still has, beside what they open. */
export function RevealsLeft(props: TabProps): React.ReactElement | null {
  const { left } = useContext(Left);
  const reveal = actionOf(props.answer, 'revealContact');
  if (!reveal || left === null) return null;
  const words = left === 0 ? t('No reveals left today.') : left === 1 ? t('1 reveal left today') : t('{left} reveals left today', { left });
  return <p className="fs-muted fs-small">{reveal.refusal ?? words}</p>;
}
