import { expect, it } from 'vitest';
import type { ActionView } from '../../src/resources/audit/audit-types.component.tsx';
import { draw, inBrowser } from '../support/browser-page.ts';

const id = '019a1111-2222-7000-8000-000000000002';
const row: ActionView['row'] = {
  ...{ id, at: '2026-11-20T09:15:00.000Z', actor: 'Ngozi Bello', actorId: null, role: null, what: 'changed a row', whom: null },
  ...{ verb: 'edit-vendor', resource: 'vendor', recordIds: [id], recordCount: 1, record: null, canOpenHistory: false, outcome: 'ok' },
  ...{ errorCode: null, reason: null, note: null, door: 'direct', country: null, device: null, score: null, requestId: null },
  ...{ txid: '7', hasMfa: false, isSealed: false, changeCount: 1, ms: 0 },
};

const lineOf = (part: Partial<ActionView['row']>) =>
  inBrowser({}, async () => {
    const { AuditList } = await import('../../src/resources/audit/audit-list.component.tsx');
    return draw(AuditList, { rows: [{ ...row, ...part }], onOnly: () => undefined });
  });

function detailOf(canOpen: boolean, resources: Readonly<Record<string, object>>): Promise<string> {
  return inBrowser({ resources }, async () => {
    const { ClickDetail } = await import('../../src/resources/audit/click-detail.component.tsx');
    const tables = [{ table: 'identity.vendor_setup', recordId: id, op: 'update', canOpen }];
    return draw(ClickDetail, { view: { view: 'action', reach: 'team', row, tables, changes: [], rows: [], canProve: false } });
  });
}

it('a change past the application leads to its history only where that is open, and else names the row', async () => {
  const record = `identity.user_key:${id}`;
  const open = await lineOf({ record, canOpenHistory: true });
  expect(open).toContain(`href="/admin/pages/history?record=${encodeURIComponent(record)}"`);
  const closed = await lineOf({ record });
  expect(closed).not.toContain('/admin/pages/history');
  expect(closed).toContain('user key <code>019a1111</code>');
});

it('the detail of a click links to histories and records that the reader may open, and names the others', async () => {
  const open = await detailOf(true, { Vendor: { canShow: true } });
  expect(open).toContain(`href="/admin/pages/history?record=identity.vendor_setup%3A${id}"`);
  expect(open).toContain(`href="/admin/resources/Vendor/records/${id}/show"`);
  for (const resources of [{}, { Vendor: { canShow: false } }]) {
    const closed = await detailOf(false, resources);
    expect(closed).not.toMatch(/pages\/history|resources\/Vendor/);
    expect(closed).toContain('vendor setup <code>019a1111</code>');
  }
});
