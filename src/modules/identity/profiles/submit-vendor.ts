import type { Vendor } from '@prisma/client';
import { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { mayTake } from '../../../foundation/command/state-machine.ts';
import type { AccountRow } from '../account.ts';
import { requireRecent } from '../freshness.ts';
import { vendorStep } from '../vendors/vendor-step.ts';
import { lockOwnRole } from './own-role.ts';
import { vendorStates } from './vendor-states.ts';
import { missingOf, ownVendor, type VendorView, vendorView } from './vendor-view.ts';

type Loaded = { account: AccountRow; vendor: Vendor };

/**
 * draft, changes_requested -> submitted (product.md 4.2): hands the own store in for review. `identity.vendor.submitted` opens the
 * review case.
 * @throws AppError 403 `reauth_required`, `role_required`, 409 `transition_not_allowed`, `vendor_incomplete` with the missing fields,
 *   412 `version_conflict`, 428 `if_match_required`
 */
export const submitVendor = defineCommand<object, VendorView, undefined, Loaded>({
  name: 'submit-vendor',
  resource: 'vendor',
  access: 'owner',
  input: z.object({}),
  isIdempotent: true,
  async load(scope) {
    const account = await lockOwnRole(scope, 'vendor');
    requireRecent(scope, account, scope.deps.config.reauthFreshLongSeconds);
    return { account, vendor: await scope.tx.vendor.findUniqueOrThrow({ where: { userId: account.id } }) };
  },
  version: ({ vendor }) => vendor.version,
  async run(scope, _input, { account, vendor }) {
    scope.touched(account.id, vendor.id);
    if (!mayTake(vendorStates, 'submit', vendor.status)) return { refused: 'transition_not_allowed' };
    const own = await ownVendor(scope.tx, vendor);
    const missing = missingOf(own);
    if (missing.length > 0) {
      return { refused: 'vendor_incomplete', details: { errors: missing.map((path) => ({ path, code: 'required' as const })) } };
    }
    const submitted = await vendorStep(scope, { vendorId: vendor.id, step: 'submit', by: account.id });
    return vendorView({ ...own, vendor: submitted });
  },
});
