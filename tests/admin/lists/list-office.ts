import { randomUUID } from 'node:crypto';
import { componentEntries } from '../../../src/admin/component-names.ts';
import type { PageDefinition, ResourceDefinition } from '../../../src/admin/index.ts';
import { listJobs } from '../../../src/admin/list-jobs.ts';
import type { CommandDeps } from '../../../src/foundation/command/command.ts';
import { runInContext, systemContext } from '../../../src/foundation/runtime/request-context.ts';
import { staffIdentity } from '../../../src/modules/identity/index.ts';
import { bulkRunsPage } from '../../../src/resources/bulk-runs/bulk-runs.page.ts';
import { listExportsPage } from '../../../src/resources/list-exports/list-exports.page.ts';
import { savedViewsPage } from '../../../src/resources/saved-views/saved-views.page.ts';
import { userResource } from '../../../src/resources/users/user.resource.ts';
import type { AdminClient, Answer } from '../support/admin-client.ts';
import { type BackOffice, type Person, startBackOffice } from '../support/back-office.ts';
import { country, dashboard } from '../support/composition.ts';
import { assetsWith } from '../support/test-assets.ts';

const resources: readonly ResourceDefinition[] = [userResource, country];
const pages: readonly PageDefinition[] = [bulkRunsPage, listExportsPage, savedViewsPage];

/** The real list of users with its views, runs and exports, and a small one of countries. */
export function startListOffice(): Promise<BackOffice> {
  const names = componentEntries({ resources, pages, dashboard }).map((component) => component.name);
  return startBackOffice({ resources, pages, dashboard, assetsDirectory: assetsWith(names) });
}

/** What the answers of these tests hold, as far as they look. */
export type Seen = {
  code: string;
  runId: string;
  results: readonly { id: string; outcome: string }[];
  run: Readonly<Record<string, unknown>>;
  runs: readonly object[];
  rows: readonly { id: string }[];
  shown: { output: Readonly<Record<string, string>> };
  effects: readonly string[];
  exports: readonly { id: string; status: string; sha256: string; errorCode: string | null; filterNote: string }[];
  views: readonly { id: string; name: string; query: { filters: object } }[];
  arrangement: { columns: readonly string[]; defaultViewId: string | null };
};
export type ListAnswer = Omit<Answer, 'json'> & { json: Seen };

/** GET below the origin. */
export async function getPage(client: AdminClient, path: string): Promise<ListAnswer> {
  return (await client.get(path)) as unknown as ListAnswer;
}

export const reason = { code: 'abuse', text: 'asked for by the test of lists' };

/** POST of a bulk action, as the browser sends it. */
export async function postBulk(client: AdminClient, action: string, body: object, resource = 'User'): Promise<ListAnswer> {
  return (await client.postJson(`/admin/api/resources/${resource}/bulk/${action}`, {
    idempotencyKey: randomUUID(),
    reason,
    ...body,
  })) as unknown as ListAnswer;
}

/** POST of an action of a page. */
export async function postPage(client: AdminClient, page: string, action: string, input: object, more: object = {}): Promise<ListAnswer> {
  return (await client.postJson(`/admin/api/pages/${page}`, {
    action,
    input,
    idempotencyKey: randomUUID(),
    ...more,
  })) as unknown as ListAnswer;
}

/** What the worker does with a job of a queue, in this process and at once. */
export async function work(deps: CommandDeps, queue: string, payload: object, sent: object[] = []): Promise<void> {
  const jobs = listJobs({ loadScreens: () => Promise.resolve({ resources, pages, dashboard }), identity: staffIdentity });
  const job = jobs.find((candidate) => candidate.queue === queue);
  if (!job) throw new Error(`No job serves ${queue}`);
  const run = {
    id: randomUUID(),
    attempt: 0,
    isLastAttempt: false,
    signal: new AbortController().signal,
    send: async (_queue: string, data: object) => void sent.push(data),
  };
  await runInContext(systemContext(queue, 'worker'), async () => job.handle(job.payload.parse(payload), deps, run));
}

/** A lead of support who is signed in, with a fresh factor. */
export async function signedInLead(office: BackOffice): Promise<{ person: Person; client: AdminClient }> {
  const person = await office.addStaff('support', { isLead: true, hasTotp: true });
  return { person, client: await office.signedIn(person) };
}
