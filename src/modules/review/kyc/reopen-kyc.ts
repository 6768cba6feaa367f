import type { KycSubmission } from '@prisma/client';
import { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import { actorIdOf } from '../../../foundation/runtime/actor.ts';
import { kycStep } from './kyc-step.ts';

const input = z.strictObject({ id: z.uuid() });

/** rejected -> resubmit (product.md 4.5): the owner may hand in again after all.. */
export const reopenKyc = defineCommand<z.infer<typeof input>, { version: number }, undefined, KycSubmission>({
  name: 'reopen-kyc',
  resource: 'kyc_submission',
  access: 'kyc_submission.reopen',
  input,
  load: async ({ tx }, { id }) => (await tx.kycSubmission.findUnique({ where: { id } })) ?? fail('not_found'),
  subject: ({ ownerUserId }) => ({ userId: ownerUserId, kind: 'vendor', rank: 0 }),
  version: ({ version }) => version,
  async preview() {
    return ['The owner can hand in documents again.', 'Tells the owner by email or SMS.'];
  },
  async run(scope, { id }) {
    const { reason } = scope;
    const { version } = await kycStep(scope, {
      submissionId: id,
      step: 'reopen',
      by: actorIdOf(scope.actor),
      ...(reason?.code ? { code: reason.code } : {}),
    });
    return { version };
  },
});
