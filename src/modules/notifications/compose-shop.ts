import type { CommandDeps } from '../../foundation/command/command.ts';
import { productNotice } from '../catalog/index.ts';
import { bankAccountNotice, storeNotice } from '../identity/index.ts';
import { type DecidedKind, decisionWords, noteOnDocuments } from '../review/index.ts';
import { type Compose, type Composer, notMeUrl } from './compose-parts.ts';
import { type DecidedThing, type DecisionTemplate, type DecisionText, decisionVariables } from './decision-words.ts';
import { digestCounts } from './digest-counts.ts';
import { storefrontLinks } from './storefront-links.ts';
import type { TemplateId, TemplateVariables } from './templates/variables.ts';

/** A record with what was said about it. */
type Told = { thing: DecidedThing; said: DecisionText };

const nothingSaid: DecisionText = { text: null, notes: [] };

/** A decision's own words stand in its case; a step that no case led to has them in the record. */
async function saidIn(input: Compose, kind: DecidedKind, subjectId: string): Promise<DecisionText | null> {
  const { deps, facts } = input;
  return decisionWords(deps, { kind, subjectId, caseId: facts.caseId ?? null, notAfter: new Date(facts.occurredAt) });
}

async function store(input: Compose): Promise<Told | null> {
  const { deps, facts } = input;
  const vendor = facts.vendorId ? await storeNotice(deps, facts.vendorId) : null;
  if (!vendor?.storeName || !facts.vendorId) return null;
  const said = facts.caseId ? await saidIn(input, 'vendor', facts.vendorId) : null;
  return {
    thing: { name: vendor.storeName, slug: vendor.storeSlug, id: facts.vendorId },
    said: said ?? { text: vendor.reason, notes: vendor.notes },
  };
}

/** Without a case (reopened by an administrator) the note on the submission says what is wanted. */
async function documents(input: Compose): Promise<Told | null> {
  const { deps, facts } = input;
  if (!facts.vendorId) return null;
  const said = facts.caseId ? await saidIn(input, 'kyc', facts.vendorId) : null;
  return {
    thing: { name: '', slug: null, id: facts.vendorId },
    said: said ?? { text: await noteOnDocuments(deps, facts.vendorId), notes: [] },
  };
}

async function product(input: Compose): Promise<Told | null> {
  const { deps, facts } = input;
  const found = facts.productId ? await productNotice(deps, facts.productId) : null;
  if (!found || !facts.productId) return null;
  const thing = { name: found.title, slug: found.slug, id: facts.productId };
  if (facts.revisionId) return { thing, said: (await saidIn(input, 'product_revision', facts.revisionId)) ?? nothingSaid };
  return { thing, said: (await saidIn(input, 'product', facts.productId)) ?? { text: found.reason, notes: found.notes } };
}

/** A message of a decision, from the one place that the preview comes from too. */
function decided<Id extends DecisionTemplate>(template: Id, load: (input: Compose) => Promise<Told | null>): Composer<Id> {
  return async (input) => {
    const told = await load(input);
    return told && decisionVariables(input.deps.config, template, { ...told, isChange: input.facts.isChange === true });
  };
}

async function bankVariables(input: Compose) {
  const { deps, facts } = input;
  const account = facts.accountId ? await bankAccountNotice(deps, facts.accountId) : null;
  return account && { bankName: account.bankName, last4: account.last4, notMeUrl: notMeUrl(input) };
}

const links = ({ deps }: { deps: Pick<CommandDeps, 'config'> }) => storefrontLinks(deps.config);

type ShopTemplate = Extract<
  TemplateId,
  | DecisionTemplate
  | 'vendor_suspended'
  | 'vendor_reactivated'
  | 'vendor_closed'
  | 'kyc_received'
  | 'bank_added'
  | 'bank_verified'
  | 'bank_failed'
  | 'bank_changed'
  | 'product_taken_down'
  | 'product_edited_by_staff'
  | 'suggestion_proposed'
  | 'product_digest'
>;

/** Messages about stores, their proofs, payout accounts and products. */
export const shopComposers: { [Id in ShopTemplate]: (input: Compose) => Promise<TemplateVariables[Id] | null> } = {
  vendor_approved: decided('vendor_approved', store),
  vendor_rejected: decided('vendor_rejected', store),
  vendor_changes_requested: decided('vendor_changes_requested', store),
  kyc_approved: decided('kyc_approved', documents),
  kyc_rejected: decided('kyc_rejected', documents),
  kyc_resubmit: decided('kyc_resubmit', documents),
  product_published: decided('product_published', product),
  product_rejected: decided('product_rejected', product),
  product_changes_requested: decided('product_changes_requested', product),
  async vendor_suspended(input) {
    const vendor = input.facts.vendorId ? await storeNotice(input.deps, input.facts.vendorId) : null;
    if (!vendor?.storeName) return null;
    return { storeName: vendor.storeName, reasonText: vendor.suspendedReason, supportUrl: links(input).support };
  },
  async vendor_reactivated(input) {
    const told = await store(input);
    return told && { storeName: told.thing.name, url: links(input).vendorHome };
  },
  async vendor_closed(input) {
    const told = await store(input);
    return told && { storeName: told.thing.name, supportUrl: links(input).support };
  },
  kyc_received: async (input) => ({ url: links(input).vendorDocuments }),
  bank_added: bankVariables,
  bank_verified: bankVariables,
  bank_failed: bankVariables,
  async bank_changed(input) {
    const account = await bankVariables(input);
    return account && { ...account, isRemoved: input.facts.isRemoved === true };
  },
  async product_taken_down(input) {
    const { deps, facts } = input;
    const found = facts.productId ? await productNotice(deps, facts.productId) : null;
    if (!found || !facts.productId) return null;
    const { title, reason } = found;
    return { title, isArchived: facts.isArchived === true, reasonText: reason, url: links(input).ownProduct(facts.productId) };
  },
  async product_edited_by_staff(input) {
    const { deps, facts } = input;
    const found = facts.productId ? await productNotice(deps, facts.productId) : null;
    if (!found || !facts.productId || !facts.productChange) return null;
    const { title, price, currency, stockQty } = found;
    const { ownProduct, ownProducts, support: supportUrl } = links(input);
    const change = facts.productChange;
    const now = change === 'price' ? `${currency} ${price}` : change === 'stock' ? `${stockQty}` : null;
    return { title, change, now, url: change === 'deleted' ? ownProducts : ownProduct(facts.productId), supportUrl };
  },
  async suggestion_proposed(input) {
    const { deps, facts } = input;
    const found = facts.productId ? await productNotice(deps, facts.productId) : null;
    return found && facts.productId ? { title: found.title, url: links(input).ownProduct(facts.productId) } : null;
  },
  async product_digest(input) {
    const { deps, facts } = input;
    const counts = facts.digestOf?.length ? await digestCounts(deps, facts.digestOf) : null;
    return counts && { ...counts, url: links(input).ownProducts };
  },
};
