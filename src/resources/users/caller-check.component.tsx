import type React from 'react';
import { useState } from 'react';
import { newKey, Problem, postJson } from '../../admin/components/admin-api.component.tsx';
import { Icon } from '../../admin/components/icon.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';
import { actionOf, type CheckItem, type Profile, type TabProps, targetOf } from './customer-types.component.tsx';
import { countryName } from './place-names.component.tsx';

/** What is asked, and the answer to compare with; null where it cannot be compared. */
type Item = { item: CheckItem; label: string; right: string | null };

const needed = 2;
const names: Readonly<Record<CheckItem, string>> = {
  member_id: t('Member id'),
  name: t('Name'),
  last_order_month: t('Month of the last order'),
  country: t('Country'),
  recent_device: t('Recent device'),
};

/**
 * Who is on the phone: two items that the caller says rightly. Recorded once per call; for 15 minutes it goes with each action that the
 * same colleague takes for this person. What the caller says is compared with what stands here and written nowhere.
 */
export function CallerCheck({ answer, extra, reload }: TabProps): React.ReactElement | null {
  const action = actionOf(answer, 'checkCaller');
  const [isAgain, setIsAgain] = useState(false);
  const { callerCheck } = extra;
  if (!action || extra.profile.status === 'erased') return null;
  if (callerCheck && !isAgain) {
    return (
      <section className="fs-caller fs-caller-passed" aria-label={t('Caller check')}>
        <Icon name="ok" />
        <p>
          {t('Caller checked by {items}.', { items: callerCheck.items.map((item) => names[item].toLowerCase()).join(', ') })}{' '}
          <span className="fs-muted">
            {t('Goes with what you do here until')} <Time value={callerCheck.until} />
          </span>
        </p>
        <button type="button" className="fs-link-button" onClick={() => setIsAgain(true)}>
          {t('Check again')}
        </button>
      </section>
    );
  }
  return (
    <AskCaller
      items={itemsOf(extra.profile)}
      refusal={action.refusal}
      path={targetOf(answer, action).path}
      onDone={() => {
        setIsAgain(false);
        reload();
      }}
    />
  );
}

function AskCaller(props: { items: readonly Item[]; refusal: string | null; path: string; onDone: () => void }): React.ReactElement {
  const [passed, setPassed] = useState<readonly CheckItem[]>([]);
  const [key, setKey] = useState(newKey);
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(props.refusal);
  const isReady = passed.length >= needed && !isBusy && props.refusal === null;
  const record = async () => {
    setIsBusy(true);
    setProblem(null);
    try {
      await postJson(props.path, { input: { items: passed }, idempotencyKey: key });
      props.onDone();
    } catch (error) {
      setKey(newKey());
      setProblem(error instanceof Problem ? error.message : t('It was not recorded. Try again.'));
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <section className="fs-caller" aria-labelledby="fs-caller-title">
      <h2 id="fs-caller-title">{t('Who is calling?')}</h2>
      <p className="fs-muted fs-small">{t('Ask for two. Tick what they say rightly; their answers are not kept.')}</p>
      <ul>
        {props.items.map(({ item, label, right }) => (
          <li key={item}>
            <label className="fs-check">
              <input
                type="checkbox"
                checked={passed.includes(item)}
                disabled={right === null}
                onChange={(event) => setPassed(event.target.checked ? [...passed, item] : passed.filter((each) => each !== item))}
              />
              <span>
                {label} <span className="fs-muted fs-small fs-block">{right ?? t('Nothing to compare with')}</span>
              </span>
            </label>
          </li>
        ))}
      </ul>
      <div className="fs-caller-foot">
        <button
          type="button"
          className="fs-button fs-button-primary"
          aria-disabled={!isReady}
          onClick={() => (isReady ? void record() : undefined)}
        >
          {t('Record caller check')}
        </button>
        <span className="fs-muted fs-small" aria-live="polite">
          {problem ?? (passed.length < needed ? t('{count} of 2', { count: passed.length }) : '')}
        </span>
      </div>
    </section>
  );
}

/** Only what this page shows anyway: the check adds nothing that an agent could read out by mistake. */
function itemsOf(profile: Profile): readonly Item[] {
  const [device] = profile.devices;
  const orders = profile.client?.totalOrders ?? 0;
  return [
    { item: 'member_id', label: names.member_id, right: profile.memberId },
    { item: 'name', label: names.name, right: profile.displayName },
    { item: 'country', label: names.country, right: countryName(profile.countryCode) },
    {
      item: 'recent_device',
      label: names.recent_device,
      right: device
        ? device.place === 'unknown'
          ? device.label
          : t('{device}, {place}', { device: device.label, place: device.place })
        : null,
    },
    { item: 'last_order_month', label: names.last_order_month, right: orders === 0 ? t('No order so far') : null },
  ];
}
