import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { ticket, ticketPage } from '../../src/api/shapes.ts';
import type { AnyCommand } from '../../src/foundation/command/command.ts';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import { ticketCommands } from '../../src/modules/support/index.ts';
import { closeResolved } from '../../src/modules/support/tickets/close.ts';
import { staffActor } from '../support/app.ts';
import { type Answer, type Api, bearer, newClient, refusal, startApi } from './support/api.ts';

let api: Api;
let mine: Record<string, string>;
let theirs: Record<string, string>;
beforeAll(async () => {
  api = await startApi();
  mine = bearer((await newClient(api)).tokens.accessToken);
  theirs = bearer((await newClient(api)).tokens.accessToken);
});
afterAll(() => api.stop());

const path = '/api/v1/support/tickets';
const asked = { category: 'delivery_problem', title: 'Where is my parcel', body: 'It should be here.\nIt is not.' };
const post = (at: string, body: object, headers: Record<string, string>) => api.call('POST', at, { body, headers });
const open = async (body: object = asked) => shaped(ticket, await post(path, body, mine), 201);

/** The body in the published shape, with the status expected. */
function shaped<T>(schema: z.ZodType<T>, answer: Answer, status = 200): T {
  expect(answer.status, answer.text).toBe(status);
  return schema.parse(answer.json);
}

/** What the desk does meanwhile, on the version of now. */
async function desk(id: string, command: 'claimTicket' | 'resolveTicket' | 'addTicketNote', input: object = {}): Promise<void> {
  const actor = { ...staffActor({ role: 'support', isLead: true }, api.app.clock.now()), id: '0199a000-0000-7000-8000-00000000abcd' };
  const { version } = await api.app.deps.database.prisma.ticket.findUniqueOrThrow({ where: { id } });
  const envelope = { input: { id, ...input }, expectedVersion: version };
  const wanted: AnyCommand = ticketCommands[command];
  await api.app.as(actor, () => runCommand(api.app.deps, wanted, envelope));
}

describe('/support/tickets', () => {
  it('opens a ticket, lists it, and reads it with what was written', async () => {
    const opened = await open();
    expect(opened).toMatchObject({ status: 'open', priority: 'medium', category: 'delivery_problem', title: asked.title });
    expect(opened.number).toMatch(/^T-\d+$/);
    expect(opened.messages).toEqual([expect.objectContaining({ from: 'customer', body: asked.body })]);
    const later = await open({ ...asked, title: 'Something else' });
    const first = shaped(ticketPage, await api.get(`${path}?limit=1`, mine));
    expect(first.items.map(({ id }) => id)).toEqual([later.id]);
    const second = shaped(ticketPage, await api.get(`${path}?limit=1&cursor=${first.nextCursor}`, mine));
    expect(second.items.map(({ id }) => id)).toEqual([opened.id]);
    expect(second.nextCursor).toBeNull();
    expect(shaped(ticket, await api.get(`${path}/${opened.id}`, mine))).toEqual(opened);
    expect(refusal(await api.get(`${path}?cursor=nonsense`, mine))).toBe('422 invalid_value');
  });

  it("answers 404 for another's ticket, whatever is tried", async () => {
    const { id } = await open();
    const tries = [
      await api.get(`${path}/${id}`, theirs),
      await post(`${path}/${id}/messages`, { body: 'Mine?' }, theirs),
      await post(`${path}/${id}/reopen`, {}, theirs),
      await api.get(`${path}/not-an-id`, mine),
    ];
    expect(tries.map((answer) => answer.status)).toEqual([404, 404, 404, 404]);
    expect(shaped(ticketPage, await api.get(path, theirs)).items).toEqual([]);
    expect((await api.get(path)).status).toBe(401);
  });

  it.each([
    [{ ...asked, title: 'ab' }, 'too_short'],
    [{ ...asked, title: 'n'.repeat(301) }, 'too_long'],
    [{ ...asked, body: '' }, 'too_short'],
    [{ ...asked, body: 'n'.repeat(5001) }, 'too_long'],
    [{ ...asked, body: 'a\u0000b' }, 'invalid_value'],
    [{ ...asked, title: 'a\u0007bcd' }, 'invalid_value'],
    [{ ...asked, category: 'gossip' }, 'invalid_value'],
    [{ ...asked, priority: 'urgent' }, 'unknown_field'],
    [{ ...asked, orderId: 'x' }, 'invalid_value'],
  ])('refuses %j with %s', async (body, code) => {
    expect(refusal(await post(path, body, theirs))).toBe(`422 ${code}`);
  });

  it('never shows notes and drafts, nor who works here', async () => {
    const { id } = await open();
    await desk(id, 'addTicketNote', { body: 'A secret of the desk' });
    const answer = await api.get(`${path}/${id}`, mine);
    expect(answer.text).not.toContain('secret of the desk');
    expect(shaped(ticket, answer).messages).toHaveLength(1);
  });

  it('opens again within seven days, then it is closed for good and later contact is linked', async () => {
    const { id } = await open();
    expect(refusal(await post(`${path}/${id}/reopen`, {}, mine))).toBe('409 transition_not_allowed');
    await desk(id, 'claimTicket');
    await desk(id, 'resolveTicket', { resolution: 'Found it', body: 'It is at the post office.' });
    expect(shaped(ticket, await post(`${path}/${id}/reopen`, { body: 'It is not' }, mine)).status).toBe('in_progress');
    await desk(id, 'resolveTicket', { resolution: 'Found it again' });
    expect(shaped(ticket, await post(`${path}/${id}/messages`, { body: 'Still not' }, mine), 201).status).toBe('in_progress');
    await desk(id, 'resolveTicket', { resolution: 'Now it is there' });
    // Eight days later; the token of then is over, so the ticket is moved instead of the clock.
    await api.app.as({ kind: 'system', name: 'test' }, () =>
      api.app.deps.database.prisma.ticket.updateMany({
        where: { id },
        data: { resolvedAt: new Date(api.app.clock.now().getTime() - 8 * 86_400_000) },
      }),
    );
    expect(refusal(await post(`${path}/${id}/messages`, { body: 'Hello?' }, mine))).toBe('409 ticket_closed');
    await api.app.as({ kind: 'system', name: 'test' }, () => runCommand(api.app.deps, closeResolved, { input: {} }));
    expect(refusal(await post(`${path}/${id}/reopen`, {}, mine))).toBe('409 ticket_closed');
    const next = await open();
    const row = await api.app.deps.database.prisma.ticket.findUniqueOrThrow({ where: { id: next.id } });
    expect(row.linkedTicketId).toBe(id);
  });

  it('takes ten new ones a day; what was refused for its words does not count', async () => {
    const busy = bearer((await newClient(api)).tokens.accessToken);
    await post(path, { ...asked, title: 'x' }, busy);
    for (let n = 0; n < 10; n += 1) expect((await post(path, asked, busy)).status).toBe(201);
    const eleventh = await post(path, asked, busy);
    expect(refusal(eleventh)).toBe('429 rate_limited');
    expect(eleventh.headers['retry-after']).toMatch(/^\d+$/);
  });
});
