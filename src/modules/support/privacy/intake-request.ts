import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { fail, validationError } from '../../../foundation/errors/app-error.ts';
import type { ErrorCode } from '../../../foundation/errors/catalogue.ts';
import { addSeconds } from '../../../foundation/runtime/clock.ts';
import { customerIdOf, isPersonHeld, loadCustomer, objectablePurposes } from '../../identity/index.ts';
import { askerOf } from '../asker.ts';
import { openRequestOf, receiveRequest } from './privacy-request.ts';

export const privacyKinds = ['export', 'erase', 'restrict', 'object', 'rectify'] as const;
export const receivedVias = ['ticket', 'email', 'phone', 'letter'] as const;
export const privacyLaws = ['ndpa', 'gdpr', 'ccpa'] as const;

/** The person: by id where their page is open, else by the member id they were told. */
const input = z.strictObject({
  id: z.uuid().optional(),
  memberId: z.string().trim().max(20).optional(),
  kind: z.enum(privacyKinds),
  law: z.enum(privacyLaws).default('ndpa'),
  receivedVia: z.enum(receivedVias),
  /** What is objected to; for objections only. */
  purposes: z.array(z.enum(objectablePurposes)).max(objectablePurposes.length).default([]),
});
type Input = z.infer<typeof input>;
type Customer = Awaited<ReturnType<typeof loadCustomer>>;

export type TakenIn = { requestId: string; dueAt: Date };

/**
 * Staff take in what a person asks about their data outside the account: on the phone, by letter, in a ticket. The law's 30 days
 * start; who they are has to be verified next.
 * @throws AppError 403 `forbidden`, 404 `not_found`, 409 `erase_blocked`, `approval_open` where one of the kind is open,
 * `transition_not_allowed`, 422 `required`
 */
export const intakePrivacyRequest = defineCommand<Input, TakenIn, undefined, Customer>({
  name: 'intake-privacy-request',
  resource: 'privacy_request',
  access: 'privacy_request.intake',
  input,
  isIdempotent: true,
  load: async (scope, body) => loadCustomer(scope, { id: await personOf(scope, body) }),
  subject: ({ account }) => ({ userId: account.id, kind: account.kind, rank: 0 }),
  async preview(scope, { kind }) {
    const due = addSeconds(scope.now, 30 * 86_400)
      .toISOString()
      .slice(0, 10);
    return [
      `The law wants an answer by ${due}.`,
      kind === 'erase' ? graceWords(scope) : 'Nothing changes before it is verified and approved.',
    ];
  },
  async run(scope, { kind, law, receivedVia, purposes }, { user }) {
    if (kind === 'object' && purposes.length === 0) throw validationError([{ path: 'purposes', code: 'required' }]);
    if (user.status === 'erased') return { refused: 'transition_not_allowed' };
    const refused = await refusalOf(scope, user.id, kind);
    if (refused) return { refused };
    const request = await receiveRequest(scope, {
      ...{ userId: user.id, kind, law, receivedVia, ticketId: scope.ticketId, receivedBy: askerOf(scope).by },
      ...(kind === 'erase' ? { cancelUntil: addSeconds(scope.now, scope.deps.config.eraseGraceSeconds) } : {}),
      ...(kind === 'object' ? { purposes } : {}),
    });
    return { requestId: request.id, dueAt: request.dueAt };
  },
});

async function personOf({ tx }: CommandScope, { id, memberId }: Input): Promise<string> {
  if ((id === undefined) === (memberId === undefined)) throw validationError([{ path: 'memberId', code: 'required' }]);
  return id ?? (await customerIdOf(tx, memberId ?? '')) ?? fail('not_found');
}

async function refusalOf(scope: CommandScope, userId: string, kind: Input['kind']): Promise<ErrorCode | null> {
  if (await openRequestOf(scope.tx, userId, kind)) return 'approval_open';
  return kind === 'erase' && (await isPersonHeld(scope.tx, userId)) ? 'erase_blocked' : null;
}

function graceWords({ deps }: CommandScope): string {
  const days = Math.round(deps.config.eraseGraceSeconds / 86_400);
  return `Nothing is erased for ${days} days, and not before two members of staff agree.`;
}
