import type React from 'react';
import { useState } from 'react';
import { newKey, Problem, postJson } from '../../admin/components/admin-api.component.tsx';
import type { Action } from '../../admin/components/admin-types.component.tsx';
import { CommandButton } from '../../admin/components/command-button.component.tsx';
import { ReasonForm } from '../../admin/components/reason-form.component.tsx';
import { useReceipts } from '../../admin/components/receipts.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import type { Answer } from '../../admin/components/use-command.component.tsx';
import { casePath } from './review-paths.component.tsx';
import type { CaseJson } from './review-types.ts';

type Tool = 'pick' | 'reassign' | 'release';
type Props = { shown: CaseJson; onLeft: () => void; onReload: () => void };

/** Who works on the case: a lead takes it by hand or gives it to somebody, its holder puts it back. */
export function CaseTools({ shown, onLeft, onReload }: Props): React.ReactElement | null {
  const [open, setOpen] = useState<Action | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const showReceipt = useReceipts();
  const tools = (['pick', 'reassign', 'release'] as const).filter((name) => shown.rights[name] !== undefined && isUseful(shown, name));
  if (tools.length === 0) return null;
  const path = casePath(shown.id);
  const release = async () => {
    setRefusal(null);
    try {
      const answer = await postJson<Answer>(`${path}/release`, { input: {}, idempotencyKey: newKey() });
      if (answer.message) showReceipt({ message: answer.message, receipt: answer.receipt ?? null, undo: null });
      onLeft();
    } catch (error) {
      setRefusal(error instanceof Problem ? error.message : t('The server cannot be reached.'));
    }
  };
  return (
    <div className="fs-review-tools">
      {tools.map((name) => {
        const action = actionOf(shown, name);
        return (
          <CommandButton
            key={name}
            action={action}
            isSmall
            isQuiet
            onPress={() => (name === 'release' ? void release() : setOpen(action))}
          />
        );
      })}
      {refusal ? (
        <p role="alert" className="fs-field-error">
          {refusal}
        </p>
      ) : null}
      {open ? (
        <ReasonForm
          action={open}
          target={{ path: `${path}/${open.name}`, base: path, record: null, version: null }}
          onClose={() => setOpen(null)}
          onDone={() => {
            setOpen(null);
            onReload();
          }}
        />
      ) : null}
    </div>
  );
}

/** A finished case offers nothing of it; what cannot be done with a waiting or a held one is not worth a button either. */
function isUseful({ status, holder }: CaseJson, name: Tool): boolean {
  if (status === 'queued') return name === 'pick' || name === 'reassign';
  return status === 'claimed' && (name !== 'pick' || holder?.isMe !== true);
}

function actionOf(shown: CaseJson, name: Tool): Action {
  const words = toolWords(shown)[name];
  const needsReason = name !== 'release';
  return {
    name,
    ...words,
    group: 'everyday',
    form:
      name === 'reassign' ? [{ name: 'staffId', label: t('Colleague'), type: 'select', isRequired: true, options: shown.colleagues }] : [],
    reasonCodes: ['policy', 'quality', 'error_correction', 'other'],
    needs: { reason: needsReason, ticket: false, stepUpMinutes: 0, version: false },
    isInline: true,
    isEdit: false,
    refusal: shown.rights[name] ?? null,
  };
}

function toolWords({ holder }: CaseJson): Readonly<Record<Tool, { label: string; effect: string }>> {
  return {
    pick: { label: t('Pick'), effect: t('Yours for 30 minutes, out of turn') },
    reassign: { label: t('Reassign'), effect: t('They are told and have 30 minutes') },
    release: {
      label: holder?.isMe === false ? t('Release for {name}', { name: holder.name }) : t('Release'),
      effect: t('Waits in the queue again; your answers stay'),
    },
  };
}
