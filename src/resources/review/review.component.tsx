import type React from 'react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { pageState } from '../../admin/components/admin-types.component.tsx';
import { EmptyState, ErrorState } from '../../admin/components/empty-state.component.tsx';
import { Icon } from '../../admin/components/icon.component.tsx';
import { navigate, useAddress } from '../../admin/components/router.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { useIsSlow } from '../../admin/components/use-remote.component.tsx';
import type { FormName } from './decision-draft.component.tsx';
import { DecisionPane } from './decision-pane.component.tsx';
import { EvidencePane } from './evidence-pane.component.tsx';
import { hrefOf, QueueList, QueueTabs } from './queue-pane.component.tsx';
import type { CaseAnswer, CaseJson, Tab } from './review-types.ts';
import { type Step, Steps } from './steps.component.tsx';
import { useAccepted } from './use-accepted.component.tsx';
import { useCaseWriter } from './use-case-writer.component.tsx';
import { useChecklist } from './use-checklist.component.tsx';
import { forgetOthersDrafts } from './use-draft.component.tsx';
import { type OpenCase, useOpenCase } from './use-open-case.component.tsx';
import { type Queue, useQueue } from './use-queue.component.tsx';
import { useReviewKeys } from './use-review-keys.component.tsx';
import { type TakeNext, useTakeNext } from './use-take-next.component.tsx';

const tabNames: readonly string[] = ['new', 'mine', 'changes_requested', 'second', 'done'] satisfies readonly Tab[];

function readTab(search: string): Tab {
  const asked = new URLSearchParams(search).get('tab') ?? 'new';
  return tabNames.includes(asked) ? (asked as Tab) : 'new';
}

/** The review queue: the list, the evidence and the decision side by side; one after the other where there is no room. */
export default function ReviewScreen(): React.ReactElement {
  const { search } = useAddress();
  const tab = readTab(search);
  const caseId = new URLSearchParams(search).get('case');
  const queue = useQueue(tab);
  const open = useOpenCase(caseId);
  const [step, setStep] = useState<Step>(caseId ? 'evidence' : 'list');
  const take = useTakeNext({ onQueueChanged: queue.reload });
  useEffect(forgetOthersDrafts, []);
  useEffect(() => setStep(caseId ? 'evidence' : 'list'), [caseId]);
  const title = open.data?.case.title;
  useEffect(() => {
    if (title) document.title = `${title}, ${t('review')} - Fashionistar`;
    else document.title = `${t('Review queue')} - Fashionistar`;
  }, [title]);
  return (
    <div className="fs-review" data-step={step}>
      <header className="fs-review-bar">
        <h1>{t('Review queue')}</h1>
        <QueueTabs tab={tab} counts={queue.counts} />
      </header>
      <Steps step={step} hasCase={caseId !== null} onStep={setStep} />
      <div className="fs-review-panes">
        <section className="fs-review-pane fs-review-pane-list" aria-label={t('List')}>
          <TakeNextButton take={take} canTake={queue.canTake} />
          <QueuePart queue={queue} openId={caseId} />
        </section>
        {caseId ? (
          <CasePanes
            key={caseId}
            open={open}
            onStep={setStep}
            tab={tab}
            take={take}
            canTake={queue.canTake}
            onChanged={() => {
              queue.reload();
              open.reload();
            }}
          />
        ) : (
          <NothingOpen take={take} canTake={queue.canTake} />
        )}
      </div>
    </div>
  );
}

function TakeNextButton({ take, canTake }: { take: TakeNext; canTake: boolean }): React.ReactElement | null {
  if (!canTake) return null;
  return (
    <div className="fs-review-take">
      <button
        type="button"
        className="fs-button fs-button-primary"
        aria-disabled={take.isBusy}
        aria-keyshortcuts="t"
        onClick={() => void take.run()}
      >
        <Icon name="inbox" /> {t('Take next')}
        <span className="fs-kbd" aria-hidden="true">
          t
        </span>
      </button>
      {take.said ? (
        <p role="status" className={`fs-small ${take.isRefused ? 'fs-field-error' : 'fs-muted'}`}>
          {take.said}
        </p>
      ) : null}
    </div>
  );
}

function QueuePart({ queue, openId }: { queue: Queue; openId: string | null }): React.ReactElement {
  const isSlow = useIsSlow(queue.isLoading && queue.list === null);
  if (queue.problem) return <ErrorState problem={queue.problem} retry={queue.reload} />;
  if (!queue.list) return <div className="fs-skeleton">{isSlow ? <div role="status" aria-label={t('Loading')} /> : null}</div>;
  return <QueueList list={queue.list} openId={openId} isLoadingMore={queue.isLoading} onMore={queue.more} />;
}

function NothingOpen({ take, canTake }: { take: TakeNext; canTake: boolean }): React.ReactElement {
  useReviewKeys({ take: canTake ? take : null, form: null });
  return (
    <section className="fs-review-pane fs-review-pane-evidence fs-review-pane-wide" aria-label={t('Evidence')}>
      <EmptyState
        icon="inbox"
        title={t('No case is open')}
        {...(canTake ? { action: { label: t('Take next'), run: () => void take.run() } } : {})}
      >
        {pageState.preferences.singleKeys && canTake
          ? t('Press t for the most pressing case, j and k to move in the list, ? for all keys.')
          : t('Open a case of the list.')}
      </EmptyState>
    </section>
  );
}

type CasePanesProps = {
  open: OpenCase;
  tab: Tab;
  take: TakeNext;
  canTake: boolean;
  onStep: (step: Step) => void;
  onChanged: () => void;
};

function CasePanes(props: CasePanesProps): React.ReactElement {
  const { open, take, canTake } = props;
  const isSlow = useIsSlow(open.isLoading && open.data === null);
  if (open.data) return <LoadedCase {...props} answer={open.data} />;
  return (
    <section className="fs-review-pane fs-review-pane-evidence fs-review-pane-wide" aria-label={t('Evidence')}>
      <KeysWithoutCase take={canTake ? take : null} />
      {open.problem ? (
        <ErrorState problem={open.problem} retry={open.reload} />
      ) : (
        <div className="fs-skeleton">{isSlow ? <div role="status" aria-label={t('Loading')} /> : null}</div>
      )}
    </section>
  );
}

function KeysWithoutCase({ take }: { take: TakeNext | null }): null {
  useReviewKeys({ take, form: null });
  return null;
}

function LoadedCase(props: CasePanesProps & { answer: CaseAnswer }): React.ReactElement {
  const { answer, tab, take, canTake, onStep, onChanged } = props;
  const shown: CaseJson = answer.case;
  const [form, setForm] = useState<FormName | null>(null);
  const writer = useCaseWriter(shown);
  const list = useChecklist(shown, writer);
  const accepted = useAccepted(shown);
  const openForm = useCallback(
    (name: FormName | null) => {
      setForm(name);
      if (name) onStep('decision');
    },
    [onStep],
  );
  useReviewKeys({ take: canTake ? take : null, form: { shown, list, onForm: openForm } });
  useFocusOnOpen(shown.id);
  const leave = (name: FormName) => {
    setForm(null);
    if (name !== 'secondDisagree') {
      void take.next(shown.id, tab, canTake);
      return;
    }
    // Whoever disagrees decides: the same case, now theirs.
    navigate(hrefOf('mine', shown.id));
    onChanged();
  };
  return (
    <>
      <section className="fs-review-pane fs-review-pane-evidence" aria-labelledby="fs-review-case">
        <EvidencePane shown={shown} now={answer.now} accepted={accepted} onReload={onChanged} />
      </section>
      <section className="fs-review-pane fs-review-pane-decision" aria-label={t('Decision')}>
        <DecisionPane
          shown={shown}
          now={answer.now}
          list={list}
          accepted={accepted}
          writer={writer}
          form={form}
          onForm={openForm}
          onDecided={leave}
          onReload={onChanged}
          onLeft={() => {
            navigate(hrefOf(tab));
            onChanged();
          }}
        />
      </section>
    </>
  );
}

/** A case that was just opened begins at its heading: the next Tab is its first link, and j, k, a, r, c, e work from there. */
function useFocusOnOpen(caseId: string): void {
  const opened = useRef<string | null>(null);
  useEffect(() => {
    if (opened.current === caseId) return;
    opened.current = caseId;
    document.getElementById('fs-review-case')?.focus({ preventScroll: true });
  }, [caseId]);
}
