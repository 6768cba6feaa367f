import type { VendorEvidence } from '../../modules/identity/index.ts';
import { adminImage, countryText, dayText, sentence } from './evidence-words.ts';
import type { Fact, Section } from './review-types.ts';

const fact = (label: string, value: string | null | undefined, more: Partial<Fact> = {}): Fact => ({
  label,
  value: value ?? null,
  ...more,
});

/** A store as its reviewer reads it, in the order of the checklist. Contacts and numbers stay masked. */
export function vendorSections(evidence: VendorEvidence, legalName: string | null): readonly Section[] {
  const { profile, logoImages } = { profile: evidence.profile, logoImages: imagesOf(evidence) };
  return [
    ...(evidence.obstacles.length > 0 ? [obstacles(evidence.obstacles)] : []),
    {
      kind: 'facts',
      title: 'Store',
      facts: [
        fact('Store name', profile.storeName),
        fact('Address in the shop', profile.storeSlug, { isCode: true }),
        fact('Tagline', profile.tagline),
        fact('Business type', profile.businessType && sentence(profile.businessType)),
        fact('Tax id', profile.taxIdMasked, { isCode: true }),
        fact('Collections', profile.collections.map(sentence).join(', '), { note: `${profile.collections.length} of 15` }),
        fact('Description', profile.description, { isLong: true }),
        fact('Business hours', hoursText(profile.businessHours), { isLong: true }),
      ],
    },
    ...(logoImages.length > 0 ? [{ kind: 'images' as const, title: 'Logo and cover', images: logoImages }] : []),
    { kind: 'facts', title: 'Owner', facts: ownerFacts(evidence) },
    { kind: 'facts', title: 'Place and links', facts: placeFacts(evidence) },
    namesSection(evidence, legalName),
    {
      kind: 'facts',
      title: `Set up, ${evidence.setup.percent} %`,
      facts: evidence.setup.lines.map(({ label, at }) => fact(label, at ? dayText(at) : 'Not yet', at ? {} : { tone: 'warn' })),
    },
  ];
}

/** The bank's name beside the proofs' name. */
function namesSection({ bankAccounts }: VendorEvidence, legalName: string | null): Section {
  const accounts = bankAccounts.map(({ bankName, accountLast4, accountNameMasked, status, isDefault, nameMatched }) =>
    fact(`${bankName} ••${accountLast4}${isDefault ? ', default' : ''}`, accountNameMasked, {
      note: `${sentence(status)}, ${nameMatched === null ? 'name not compared' : nameMatched ? 'name agrees' : 'name differs'}`,
    }),
  );
  const isOff = bankAccounts.some(({ nameMatched }) => nameMatched === false);
  const isSame = bankAccounts.length > 0 && bankAccounts.every(({ nameMatched }) => nameMatched === true);
  return {
    kind: 'compare',
    title: 'Names',
    facts: [fact('Legal name in KYC', legalName), ...(accounts.length > 0 ? accounts : [fact('Bank account', null)])],
    verdict: isOff
      ? { tone: 'danger', text: 'A bank account is in another name' }
      : isSame
        ? { tone: 'ok', text: 'The bank names agree with the legal name' }
        : { tone: 'neutral', text: 'Not all names could be compared' },
  };
}

function obstacles(lines: readonly string[]): Section {
  return {
    kind: 'signals',
    title: 'What keeps it from being approved',
    signals: lines.map((line) => ({ key: line, tone: 'warn' as const, text: obstacleWords[line] ?? sentence(line), link: null })),
  };
}

const obstacleWords: Readonly<Record<string, string>> = {
  kyc: 'KYC is not approved yet.',
  collections: 'It needs 1 to 15 collections.',
};

function ownerFacts({ owner, business }: VendorEvidence): readonly Fact[] {
  return [
    fact('Member id', owner.memberId, { isCode: true }),
    fact('Contact', owner.contactMasked, { isCode: true, note: owner.isContactVerified ? 'Verified' : 'Not verified' }),
    fact('Account', sentence(owner.status), owner.status === 'active' ? {} : { tone: 'warn' }),
    fact('Member since', dayText(owner.since)),
    fact('Referred', owner.referredBy ? 'By another member' : 'No'),
    fact('Tier', sentence(business.tier)),
    fact('Risk', String(business.riskScore), business.riskScore >= 70 ? { tone: 'danger' } : {}),
    fact('Trust', String(business.trustScore)),
  ];
}

function placeFacts({ place, links }: VendorEvidence): readonly Fact[] {
  return [
    fact('Country', place.countryCode && countryText(place.countryCode)),
    fact('State', place.state),
    fact('City', place.city),
    fact('Address', place.address),
    fact('Website', links.websiteUrl, { isCode: true }),
    fact('Instagram', links.instagramUrl, { isCode: true }),
    fact('TikTok', links.tiktokUrl, { isCode: true }),
  ];
}

function imagesOf({ profile: { logoFileId, coverFileId } }: VendorEvidence) {
  const named = [
    ['Logo', logoFileId],
    ['Cover', coverFileId],
  ] as const;
  return named.flatMap(([alt, id]) => (id ? [{ id, url: adminImage(id), alt, isCover: false }] : []));
}

const weekDays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

function hoursText(hours: VendorEvidence['profile']['businessHours']): string | null {
  if (!hours) return null;
  // The database keeps no order of keys.
  return weekDays
    .flatMap((day) => (hours[day] === undefined ? [] : [[day, hours[day]] as const]))
    .map(([day, open]) => `${sentence(day)} ${open ? `${open.open} to ${open.close}` : 'closed'}`)
    .join(', ');
}
