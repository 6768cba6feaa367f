import type React from 'react';
import { t } from '../../admin/components/text.component.tsx';

export type Step = 'list' | 'evidence' | 'decision';

const words: readonly (readonly [Step, string])[] = [
  ['list', t('List')],
  ['evidence', t('Evidence')],
  ['decision', t('Decision')],
];

/** On narrow screens the panes are steps; on wide ones this is not drawn. */
export function Steps(props: { step: Step; hasCase: boolean; onStep: (step: Step) => void }): React.ReactElement {
  return (
    <nav className="fs-review-steps" aria-label={t('Steps')}>
      {words.map(([name, label]) => {
        const isOff = name !== 'list' && !props.hasCase;
        return (
          <button
            key={name}
            type="button"
            className={`fs-review-step-${name}`}
            aria-current={name === props.step ? 'step' : undefined}
            aria-disabled={isOff}
            onClick={() => {
              if (!isOff) props.onStep(name);
            }}
          >
            {label}
          </button>
        );
      })}
    </nav>
  );
}
