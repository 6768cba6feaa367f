import { Prisma, type Vendor } from '@prisma/client';
import { type CommandDeps, type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { fail, validationError } from '../../../foundation/errors/app-error.ts';
import { isKnownCountry } from '../../reference/index.ts';
import { type AccountRow, requireDataKey } from '../account.ts';
import { bytesOf } from '../bytes.ts';
import { foldStoreName, requireOneScript } from '../store-name.ts';
import { lockOwnRole } from './own-role.ts';
import { storeSlugOf } from './store-slug.ts';
import { type VendorInput, vendorInput } from './vendor-input.ts';
import { editableBy } from './vendor-states.ts';
import { taxIdBox } from './vendor-view.ts';

type Loaded = { account: AccountRow; vendor: Vendor };

/**
 * Replaces the own store profile, compare-and-set on its version. While a decision is awaited nothing changes; an approved store keeps
 * what it was approved for: name, type, tax id and country.
 * @throws AppError 403 `role_required`, 409 `vendor_locked`, `store_name_taken`, 412 `version_conflict`, 428 `if_match_required`,
 *   422 `store_name_reserved`, `tax_id_invalid`, `url_invalid`, `hours_invalid`, `country_unknown`, `too_short`, `too_long`, `invalid_value`
 */
export const replaceVendor = defineCommand<VendorInput, { version: number }, undefined, Loaded>({
  name: 'replace-vendor',
  resource: 'vendor',
  access: 'owner',
  input: vendorInput,
  isIdempotent: false,
  async prepare(deps: CommandDeps, { countryCode }: VendorInput) {
    if (!(await isKnownCountry(deps, countryCode))) throw validationError([{ path: 'countryCode', code: 'country_unknown' }]);
    return undefined;
  },
  async load(scope) {
    const account = await lockOwnRole(scope, 'vendor');
    return { account, vendor: await scope.tx.vendor.findUniqueOrThrow({ where: { userId: account.id } }) };
  },
  version: ({ vendor }) => vendor.version,
  async run(scope, body, { account, vendor }) {
    scope.touched(account.id, vendor.id);
    const plain = plainColumns(body);
    const editable = editableBy(vendor.status);
    if (editable === 'nothing') return { refused: 'vendor_locked' };
    if (editable === 'unreviewed' && isReviewedChanged(scope, body, vendor, plain.countryCode)) return { refused: 'vendor_locked' };
    const folded = foldStoreName(body.storeName);
    await claimStoreName(scope, vendor, folded);
    requireOneScript(body.storeName);
    const data: Prisma.VendorUncheckedUpdateInput = {
      ...plain,
      ...taxColumns(scope.deps, account, vendor, body.taxId),
      storeNameFolded: folded,
      storeSlug: await slugFor(scope, vendor, body.storeName),
      businessHours: body.businessHours ?? Prisma.DbNull,
      version: { increment: 1 },
    };
    await scope.tx.vendor.update({ where: { id: vendor.id }, data });
    await noteSetUp(scope, vendor.id);
    const fields = Object.keys(body);
    scope.emit({
      name: 'identity.vendor.profile_changed',
      aggregateId: vendor.id,
      payload: { vendorId: vendor.id, userId: account.id, fields },
    });
    return { version: vendor.version + 1 };
  },
});

function plainColumns(body: VendorInput) {
  return {
    storeName: body.storeName,
    tagline: body.tagline ?? null,
    description: body.description,
    businessType: body.businessType,
    countryCode: body.countryCode.toUpperCase(),
    state: body.state,
    city: body.city,
    address: body.address,
    collections: body.collections ?? [],
    websiteUrl: body.websiteUrl ?? null,
    instagramUrl: body.instagramUrl ?? null,
    tiktokUrl: body.tiktokUrl ?? null,
  };
}

function isReviewedChanged({ deps }: CommandScope, body: VendorInput, vendor: Vendor, countryCode: string): boolean {
  const isTaxKept = body.taxId === undefined || isSameTax(deps, vendor, body.taxId);
  return (
    body.storeName !== vendor.storeName || body.businessType !== vendor.businessType || countryCode !== vendor.countryCode || !isTaxKept
  );
}

function isSameTax({ keyring }: CommandDeps, { taxIdBidx }: Vendor, taxId: string | null): boolean {
  if (taxId === null || taxIdBidx === null) return taxId === null && taxIdBidx === null;
  return keyring.blindIndex('tax', taxId).equals(taxIdBidx);
}

function taxColumns({ keyring }: CommandDeps, account: AccountRow, vendor: Vendor, taxId: string | null | undefined) {
  if (taxId === undefined) return {};
  if (taxId === null) return { taxIdEnc: null, taxIdBidx: null, taxIdMasked: null };
  return {
    taxIdEnc: bytesOf(keyring.encryptField(requireDataKey(keyring, account), taxIdBox(vendor.id), taxId)),
    taxIdBidx: bytesOf(keyring.blindIndex('tax', taxId)),
    taxIdMasked: `••••${taxId.slice(-4)}`,
  };
}

/** One owner at a time per name: of two who want it, the second finds it taken. @throws AppError 409 `store_name_taken` */
async function claimStoreName({ tx }: CommandScope, vendor: Vendor, folded: string): Promise<void> {
  if (folded === vendor.storeNameFolded) return;
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`store_name:${folded}`}, 0))`;
  if ((await tx.vendor.count({ where: { storeNameFolded: folded, id: { not: vendor.id } } })) > 0) fail('store_name_taken');
}

/** Follows the name until the store was approved once: then links point to it. */
async function slugFor({ tx }: CommandScope, vendor: Vendor, name: string): Promise<string> {
  if (vendor.storeSlug !== null && (vendor.verifiedAt !== null || vendor.storeName === name)) return vendor.storeSlug;
  const slug = storeSlugOf(name, null);
  const taken = await tx.vendor.count({ where: { storeSlug: slug, id: { not: vendor.id } } });
  return taken > 0 ? storeSlugOf(name, vendor.id.slice(-8)) : slug;
}

async function noteSetUp({ tx, now }: CommandScope, vendorId: string): Promise<void> {
  await tx.vendorSetup.updateMany({ where: { vendorId, profileDoneAt: null }, data: { profileDoneAt: now, version: { increment: 1 } } });
}
