import { z } from 'zod';
import { devInbox } from '../../modules/notifications/index.ts';
import { defineEndpoint, noBody } from '../define-endpoint.ts';
import { inboxPage, inboxPolicy } from '../inbox-page.ts';

const inbox = z.strictObject({
  items: z.array(
    z.strictObject({
      id: z.uuid(),
      channel: z.enum(['email', 'sms']),
      to: z.string(),
      template: z.string(),
      subject: z.string().nullable(),
      text: z.string(),
      html: z.string().nullable(),
      locale: z.string(),
      code: z.string().nullable(),
      link: z.string().nullable(),
      token: z.string().nullable(),
      createdAt: z.iso.datetime(),
    }),
  ),
});

/** GET /dev/inbox: captured mail and SMS, newest first. The route does not exist in strict production. */
export const readDevInbox = defineEndpoint({
  summary: 'Captured messages (not in production)',
  query: z.strictObject({ to: z.string().max(300).optional() }),
  body: noBody,
  replies: { 200: { description: 'Messages, newest first; a page where text/html is preferred', schema: inbox } },
  async handle(call, { query }) {
    const to = addressOf(query.to);
    const items = await devInbox(call.deps, to);
    const prefersHtml = call.req.accepts(['application/json', 'text/html']) === 'text/html';
    if (!prefersHtml) return { status: 200, body: { items } };
    return {
      status: 200,
      body: inboxPage(items, to),
      headers: { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': inboxPolicy },
    };
  },
});

/** The stored form: a lower-case address or E.164. A plus in a query string arrives as a space. */
function addressOf(to: string | undefined): string | null {
  if (to === undefined || to.trim() === '') return null;
  const bare = to.trim();
  return bare.includes('@') ? bare.toLowerCase() : `+${bare.replace(/\D/g, '')}`;
}
