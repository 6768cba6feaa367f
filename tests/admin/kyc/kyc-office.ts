import { randomUUID } from 'node:crypto';
import sharp from 'sharp';
import { runCommand } from '../../../src/foundation/command/run-command.ts';
import type { CustomerActor } from '../../../src/foundation/runtime/actor.ts';
import { newId } from '../../../src/foundation/runtime/new-id.ts';
import { storePrivateFile, systemCommands, vendorOfUser } from '../../../src/modules/identity/index.ts';
import { submitKyc } from '../../../src/modules/review/index.ts';
import type { AdminClient, Answer } from '../support/admin-client.ts';
import { type BackOffice, password } from '../support/back-office.ts';

export const legalName = 'Adaobi Okafor';
let serial = 0;

/** A plain picture: whatever is written across it shows. */
export function plainPicture(): Promise<Buffer> {
  return sharp({ create: { width: 800, height: 500, channels: 3, background: '#777777' } })
    .jpeg({ quality: 95 })
    .toBuffer();
}

export const plainPdf = Buffer.from('%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n', 'latin1');

const asSystem = <T>(office: BackOffice, work: () => Promise<T>) => office.app.as({ kind: 'system', name: 'test' }, work);

export type Proofs = { submissionId: string; ownerUserId: string; vendorId: string; nin: string; bill: string; actor: CustomerActor };

/** A vendor whose proofs wait: NIN card and selfie as pictures, utility bill as a PDF. */
export async function proofsOf(office: BackOffice): Promise<Proofs> {
  serial += 1;
  const { deps } = office.app;
  const ownerUserId = await asSystem(office, async () => {
    const person = { email: `kyc.${serial}@shop.example.com`, password, firstName: 'Bisi', lastName: 'Adeyemi', countryCode: 'NG' };
    return (await runCommand(deps, systemCommands.registerVerified, { input: { ...person, kind: 'vendor' } })).output.userId;
  });
  const file = async (bytes: Buffer) =>
    (
      await asSystem(office, () =>
        storePrivateFile(deps, { ownerUserId, bytes, purpose: 'upload', allow: ['image/jpeg', 'application/pdf'] }),
      )
    ).fileId;
  const picture = await plainPicture();
  const documents = [
    { type: 'nin_card', documentNumber: String(20_000_000_000 + serial), fileId: await file(picture) },
    { type: 'selfie', fileId: await file(picture) },
    { type: 'utility_bill', fileId: await file(plainPdf) },
  ];
  const actor: CustomerActor = { kind: 'vendor', id: ownerUserId, sessionId: newId(), acr: 'aal1', authTime: deps.clock.now() };
  const { output } = await office.app.as(actor, () => runCommand(deps, submitKyc, { input: { legalName, documents } }));
  const idOf = (type: string) => output.documents.find((one) => one.type === type)?.id ?? '';
  const vendorId = (await vendorOfUser(deps.database.prisma, ownerUserId)) ?? '';
  return { submissionId: output.id ?? '', ownerUserId, vendorId, nin: idOf('nin_card'), bill: idOf('utility_bill'), actor };
}

/** The case of the proofs, as it is while somebody holds it, or waits for a second answer. */
export async function caseOf(
  office: BackOffice,
  { submissionId, ownerUserId, vendorId }: Proofs,
  state: { claimedBy: string } | { decidedBy: string },
): Promise<string> {
  const { clock, database } = office.app.deps;
  const now = clock.now();
  const id = newId();
  const held =
    'claimedBy' in state
      ? { status: 'claimed' as const, claimedBy: state.claimedBy, claimedAt: now, claimExpiresAt: new Date(now.getTime() + 1_800_000) }
      : { status: 'pending_second' as const, decision: 'approve' as const, decidedBy: state.decidedBy, decidedAt: now };
  await asSystem(office, async () => {
    await database.prisma.reviewCase.deleteMany({ where: { subjectId: submissionId } });
    await database.prisma.reviewCase.create({
      data: {
        id,
        createdAt: now,
        kind: 'kyc',
        subjectId: submissionId,
        subjectVersion: 1,
        vendorId,
        ownerUserId,
        needsSecond: true,
        ...held,
        slaDueAt: now,
      },
    });
    await database.prisma.kycSubmission.update({ where: { id: submissionId }, data: { status: 'in_review' } });
  });
  return id;
}

const reason = { code: 'policy', text: 'Checking the proofs of the claimed case' };

/** POST of an action of the submission, with its reason. */
export function act(client: AdminClient, submissionId: string, action: string, input: object): Promise<Answer> {
  const path = `/admin/api/resources/KycSubmission/records/${submissionId}/${action}`;
  return client.postJson(path, { input, reason, idempotencyKey: randomUUID() });
}

/** What the action shows, as the screen gets it. */
export function shownBy(answer: Answer): Record<string, unknown> {
  const { shown } = answer.json;
  if (typeof shown !== 'object' || shown === null) throw new Error(`Nothing shown: ${answer.status} ${answer.text}`);
  return { ...shown };
}

/** The bytes behind a link, as a browser of this session gets them. */
export async function fetchFile(client: AdminClient, link: string): Promise<{ status: number; headers: Headers; bytes: Buffer }> {
  const response = await fetch(`${client.origin}${link}`, { headers: { cookie: client.cookieHeader }, redirect: 'manual' });
  return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) };
}
