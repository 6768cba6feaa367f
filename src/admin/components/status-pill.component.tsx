import type React from 'react';
import type { States, Tone } from './admin-types.component.tsx';
import { Icon } from './icon.component.tsx';

/** A state in a word, a colour and an icon, so that none of the three is needed to read it. */
export function StatusPill({ tone, children }: { tone: Tone; children: React.ReactNode }): React.ReactElement {
  return (
    <span className={`fs-pill fs-pill-${tone}`}>
      <Icon name={tone} />
      {children}
    </span>
  );
}

/** `in_review` -> "In review", for values without a word of their own. */
export function sentenceCase(value: string): string {
  const words = value
    .replace(/[_-]/g, ' ')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function StatePill({ value, states }: { value: string; states: States | null }): React.ReactElement {
  const state = states?.[value];
  return <StatusPill tone={state?.tone ?? 'neutral'}>{state?.label ?? sentenceCase(value)}</StatusPill>;
}
