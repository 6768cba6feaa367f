import { describe, expect, it } from 'vitest';
import type { CaseJson, Outcome } from '../../src/resources/review/review-types.ts';
import { draw, inBrowser } from '../support/browser-page.ts';

const states = { approved: { label: 'Approved', tone: 'ok' }, changes_requested: { label: 'Changes requested', tone: 'warn' } } as const;
const every = { approve: 'It is decided.', requestChanges: 'It is decided.', reject: 'It is decided.', escalate: 'It is decided.' };

function answer(part: Outcome['part'], by: string): Outcome {
  return { part, by, at: '2026-11-20T09:15:00.000Z', decision: 'approve', code: null, text: null, notes: [], failed: [] };
}

describe('the decision pane', () => {
  const forms = (shown: Pick<CaseJson, 'rights' | 'mode' | 'status'>) =>
    inBrowser({}, async () => (await import('../../src/resources/review/decision-pane.component.tsx')).formsOf(shown));
  const outcomes = (shown: Pick<CaseJson, 'status' | 'states' | 'answers'>) =>
    inBrowser({}, async () => draw((await import('../../src/resources/review/outcome.component.tsx')).Outcomes, { shown }));

  it.each(['approved', 'rejected', 'changes_requested', 'withdrawn'])('draws no dead button once a case is %s', async (status) => {
    expect(await forms({ status, mode: 'read', rights: every })).toEqual([]);
    expect(await forms({ status, mode: 'read', rights: { ...every, escalate: null } })).toEqual(['escalate']);
  });

  it('keeps refused buttons with their sentence while something is decided', async () => {
    for (const status of ['queued', 'claimed', 'pending_second'])
      expect(await forms({ status, mode: 'read', rights: every })).toEqual(['approve', 'requestChanges', 'reject', 'escalate']);
    const rights = { secondApprove: null, secondDisagree: null, approve: 'It waits for a second person.' };
    expect(await forms({ status: 'pending_second', mode: 'second', rights })).toEqual(['secondApprove', 'secondDisagree']);
  });

  it('says what was decided, by whom and when', async () => {
    const html = await outcomes({ status: 'approved', states, answers: [answer('first', 'Ngozi Bello')] });
    expect(html).toContain('Approved');
    expect(html).toContain('It is decided.');
    expect(html).toContain('<h3>Decision</h3>');
    expect(html).toContain('Ngozi Bello <time dateTime="2026-11-20T09:15:00.000Z" title="20 Nov 2026, 10:15:00 (Africa/Lagos)"');
    const both = await outcomes({ status: 'approved', states, answers: [answer('first', 'Ngozi Bello'), answer('second', 'Bola Ade')] });
    expect(both.match(/<h3>[^<]+/g)).toEqual(['<h3>First answer', '<h3>Second answer']);
    expect(await outcomes({ status: 'changes_requested', states, answers: [] })).toContain('It waits for the vendor');
    expect(await outcomes({ status: 'pending_second', states, answers: [answer('first', 'You')] })).not.toContain('fs-review-hint');
  });
});

describe('taking the next case', () => {
  const screen = (actions: { name: string; refusal: string | null }[]) =>
    inBrowser({ resources: { ReviewCase: { actions } } }, async () =>
      draw((await import('../../src/resources/review/review.component.tsx')).default, {}),
    );

  it('is offered before the list is there, to those who may', async () => {
    const html = await screen([{ name: 'takeNext', refusal: null }]);
    expect(html).toContain('aria-keyshortcuts="t"');
    expect(html).toContain('Press t for the most pressing case');
  });

  it('is offered to nobody else', async () => {
    for (const actions of [[], [{ name: 'takeNext', refusal: 'Needs a reviewer.' }], [{ name: 'pick', refusal: null }]]) {
      const html = await screen(actions);
      expect(html).not.toContain('aria-keyshortcuts="t"');
      expect(html).toContain('Open a case of the list.');
    }
  });
});
