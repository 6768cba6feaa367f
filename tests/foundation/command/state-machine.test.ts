import { describe, expect, it } from 'vitest';
import { defineStates, mayTake } from '../../../src/foundation/command/state-machine.ts';

const step = { who: 'anybody', event: null };

describe('the states of a record', () => {
  const door = defineStates({
    title: 'Door',
    statuses: ['open', 'shut'],
    initial: 'open',
    steps: { shut: { ...step, from: ['open'], to: 'shut' }, open: { ...step, from: ['shut'], to: 'open' } },
  });

  it('let a step be taken from where it may be taken only', () => {
    expect([mayTake(door, 'shut', 'open'), mayTake(door, 'shut', 'shut'), mayTake(door, 'open', 'shut')]).toEqual([true, false, true]);
  });

  it('are refused when a step or the beginning names one that is not there', () => {
    const statuses: readonly string[] = ['open', 'shut'];
    const made = (initial: string, from: string, to: string) => () =>
      defineStates({ title: 'Door', statuses, initial, steps: { turn: { ...step, from: ['open', from], to } } });
    expect(made('open', 'shut', 'open')).not.toThrow();
    expect(made('ajar', 'shut', 'open')).toThrow('Door has no state ajar');
    expect(made('open', 'locked', 'gone')).toThrow('Door has no state locked, gone');
  });
});
