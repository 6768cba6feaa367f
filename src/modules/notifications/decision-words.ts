import type { CommandDeps } from '../../foundation/command/command.ts';
import { type Locale, locales } from '../../foundation/i18n/locale.ts';
import { noteFields } from '../review/index.ts';
import { fieldName } from './plain-words.ts';
import { renderMail } from './render-mail.ts';
import { storefrontLinks } from './storefront-links.ts';
import { writeMessage } from './templates/catalogue.ts';
import type { FieldNote, TemplateId, TemplateVariables } from './templates/variables.ts';

/** What a reviewer wrote, as a case keeps it. */
export type DecisionText = { text: string | null; notes: readonly FieldNote[] };

/** Whom or what the decision is about: the name of the store or the title of the product, and where each is looked at. */
export type DecidedThing = { name: string; slug: string | null; id: string | null };

const decisionTemplates = {
  vendor: { approve: 'vendor_approved', reject: 'vendor_rejected', request_changes: 'vendor_changes_requested' },
  kyc: { approve: 'kyc_approved', reject: 'kyc_rejected', request_changes: 'kyc_resubmit' },
  product: { approve: 'product_published', reject: 'product_rejected', request_changes: 'product_changes_requested' },
  product_revision: { approve: 'product_published', reject: 'product_rejected', request_changes: 'product_changes_requested' },
} as const satisfies Record<string, Record<string, TemplateId>>;

type DecisionKind = keyof typeof decisionTemplates;
type Decision = keyof (typeof decisionTemplates)['vendor'];
export type DecisionTemplate = (typeof decisionTemplates)[DecisionKind][Decision];

type Links = Pick<CommandDeps['config'], 'storefrontUrl' | 'publicUrl'>;
type Said = { thing: DecidedThing; said: DecisionText; isChange: boolean };
type Writers = { [Id in DecisionTemplate]: (links: ReturnType<typeof storefrontLinks>, said: Said) => TemplateVariables[Id] };

const wordsOf = ({ said }: Said) => ({ reasonText: said.text, notes: readable(said.notes) });

/** The one place that turns a decision into what its message says: the preview and the message itself both come through here. */
const writers: Writers = {
  vendor_approved: (links, { thing, said }) => ({ storeName: thing.name, reasonText: said.text, url: links.vendorHome }),
  vendor_rejected: (links, said) => ({ storeName: said.thing.name, ...wordsOf(said), supportUrl: links.support }),
  vendor_changes_requested: (links, said) => ({ storeName: said.thing.name, ...wordsOf(said), notesUrl: links.vendorOnboarding }),
  kyc_approved: (links, { said }) => ({ reasonText: said.text, url: links.vendorOnboarding }),
  kyc_rejected: (links, said) => ({ ...wordsOf(said), supportUrl: links.support }),
  kyc_resubmit: (links, said) => ({ ...wordsOf(said), url: links.vendorDocuments }),
  product_published: (links, { thing, said, isChange }) => ({
    title: thing.name,
    isChange,
    reasonText: said.text,
    url: thing.slug ? links.product(thing.slug) : links.ownProducts,
  }),
  product_rejected: (links, said) => ({
    title: said.thing.name,
    isChange: said.isChange,
    ...wordsOf(said),
    url: ownProduct(links, said.thing),
  }),
  product_changes_requested: (links, said) => ({ title: said.thing.name, ...wordsOf(said), url: ownProduct(links, said.thing) }),
};

function ownProduct(links: ReturnType<typeof storefrontLinks>, { id }: DecidedThing): string {
  return id ? links.ownProduct(id) : links.ownProducts;
}

const labels = new Map(Object.values(noteFields).flatMap((fields) => fields.map(({ field, label }) => [field, label] as const)));

/** `businessType` reads `Business type`, as on the form on which the note was written. */
function readable(notes: readonly FieldNote[]): FieldNote[] {
  return notes.map(({ field, note }) => ({ field: labels.get(field) ?? fieldName(field), note }));
}

export function decisionVariables<Id extends DecisionTemplate>(config: Links, template: Id, said: Said): TemplateVariables[Id] {
  return writers[template](storefrontLinks(config), said);
}

/** What a reviewer is about to send. */
type DecisionDraft = {
  kind: DecisionKind;
  decision: Decision;
  /** Name of the store or title of the product; KYC messages name neither. */
  name: string;
  text: string | null;
  notes: readonly FieldNote[];
  /** Of its reader; English where it has no texts yet. */
  locale?: string;
};

type DecisionPreview = { template: DecisionTemplate; subject: string; text: string; sms: string };

/**
 * The message of a decision before it is made, word for word as the vendor will get it by mail (`subject`, `text`) or on a phone
 * (`sms`); only links may lead further once the record has an address. Pure: nothing is read, nothing is sent.
 */
export function previewDecision(deps: { config: Links }, draft: DecisionDraft): DecisionPreview {
  const template = decisionTemplates[draft.kind][draft.decision];
  const said: Said = {
    thing: { name: draft.name, slug: null, id: null },
    said: { text: draft.text, notes: draft.notes },
    isChange: draft.kind === 'product_revision',
  };
  const { subject, text, sms } = written(localeOf(draft.locale), template, decisionVariables(deps.config, template, said));
  return { template, subject, text, sms };
}

function localeOf(asked: string | undefined): Locale {
  return locales.find((locale) => locale === asked) ?? 'en';
}

function written<Id extends DecisionTemplate>(locale: Locale, template: Id, variables: TemplateVariables[Id]) {
  const message = writeMessage(locale, template, variables);
  return { ...renderMail(message), sms: message.sms };
}
