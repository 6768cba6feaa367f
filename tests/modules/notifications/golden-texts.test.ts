import { describe, expect, it } from 'vitest';
import { factorName, providerName, reasonText } from '../../../src/modules/notifications/plain-words.ts';
import { renderMail } from '../../../src/modules/notifications/render-mail.ts';
import { isTemplateId, writeMessage } from '../../../src/modules/notifications/templates/catalogue.ts';
import type { TemplateId, TemplateVariables } from '../../../src/modules/notifications/templates/variables.ts';
import { shopSamples } from './shop-samples.ts';

const at = '22 Nov 2026, 14:05 (Africa/Lagos)';
const notMeUrl = `https://shop.fashionistar.example/not-me#t=${'n'.repeat(91)}`;
const shop = 'https://shop.fashionistar.example';
const signIn = { device: 'Chrome on Linux', place: 'Nigeria', at, notMeUrl };
const code = { code: '042817', minutes: 10 };
const factor = { factor: 'authenticator app', at, notMeUrl };

const samples: TemplateVariables = {
  otp_register: { ...code, link: `${shop}/verify#t=token` },
  otp_login: code,
  otp_reset: code,
  otp_contact_change: code,
  otp_reauth: code,
  otp_link: code,
  already_have_account: { signInUrl: `${shop}/login`, resetUrl: `${shop}/forgot-password` },
  reset_link: { ...code, link: `${shop}/reset-password#t=token`, linkMinutes: 30 },
  reset_use_google: { signInUrl: `${shop}/login` },
  welcome_client: { firstName: 'Adaobi', nextStepUrl: `${shop}/dashboard/client` },
  welcome_vendor: { firstName: null, nextStepUrl: `${shop}/onboarding` },
  password_changed: { at, notMeUrl },
  new_device: signIn,
  account_locked: { until: at, resetUrl: `${shop}/forgot-password` },
  account_unlocked: { signInUrl: `${shop}/login`, supportUrl: `${shop}/support` },
  session_family_revoked: signIn,
  session_evicted: { device: 'Chrome on Linux', at, sessionsUrl: `${shop}/account/sessions` },
  mfa_enabled: factor,
  mfa_disabled: factor,
  mfa_reset: factor,
  recovery_code_used: { left: 1, at, notMeUrl },
  recovery_codes_regenerated: { at, notMeUrl },
  provider_linked: { provider: 'Google', at, notMeUrl },
  provider_unlinked: { provider: 'Google', at, notMeUrl },
  passkey_added: factor,
  passkey_removed: factor,
  contact_changed_old: { maskedNew: 'a***@example.com', undoUrl: `${shop}/contact-undo#t=token`, hours: 72 },
  contact_changed_new: { maskedOld: '+234***4567' },
  contact_change_undone: { at, supportUrl: `${shop}/support` },
  account_suspended: { reasonText: 'signs of fraud.', appealUrl: `${shop}/support` },
  account_reactivated: { signInUrl: `${shop}/login` },
  privacy_export_ready: { url: `${shop}/account/privacy`, hours: 24 },
  privacy_erase_scheduled: { dueDate: at, cancelUrl: `${shop}/account/privacy` },
  erase_cancelled: { at, supportUrl: `${shop}/support` },
  privacy_completed: { memberId: 'FASTAR000042', at },
  privacy_refused: { kind: 'erase', text: null, supportUrl: `${shop}/support` },
  privacy_received: { kind: 'restrict', dueDate: '22 December 2026', supportUrl: `${shop}/support` },
  privacy_extended: {
    kind: 'object',
    dueDate: '20 January 2027',
    text: 'Your request concerns records of three years.',
    supportUrl: `${shop}/support`,
  },
  privacy_answered: { kind: 'rectify', text: 'Your last name is Okonjo now.', supportUrl: `${shop}/support` },
  ticket_received: { number: 'T-100042', url: `${shop}/support/tickets/0199a000-0000-7000-8000-000000000001` },
  ticket_reply: { number: 'T-100042', url: `${shop}/support/tickets/0199a000-0000-7000-8000-000000000001` },
  ticket_resolved: { number: 'T-100042', url: `${shop}/support/tickets/0199a000-0000-7000-8000-000000000001`, isClosed: false },
  vendor_submitted: { storeName: 'Adire House', url: `${shop}/onboarding` },
  ...shopSamples,
  profile_edited_by_staff: { fields: ['first name', 'city'], supportUrl: `${shop}/support` },
  staff_invite: { roles: ['support', 'reviewer'], url: `${shop}/admin/accept-invite#t=token`, hours: 24 },
  staff_grant_changed: { change: 'added', role: 'support', at },
  staff_new_device: { device: 'Chrome on Linux', place: 'Nigeria', at },
  staff_disabled: { at },
  staff_notice: {
    title: 'Ticket T-42 is late (account access, urgent)',
    url: 'https://office.fashionistar.example/admin/resources/Ticket/records/0190-1/show',
  },
};

const ids = Object.keys(samples).filter(isTemplateId);

function write<Id extends TemplateId>(id: Id) {
  return writeMessage('en', id, samples[id]);
}

describe('the words of each message', () => {
  it.each(ids)('%s reads as agreed', async (id) => {
    const message = write(id);
    const mail = renderMail(message);
    await expect(`Subject: ${mail.subject}\n\n${mail.text}\nSMS: ${message.sms}\n\n${mail.html}`).toMatchFileSnapshot(`golden/${id}.txt`);
  });

  it.each(ids.filter((id) => id.startsWith('otp_')))('%s fits one SMS of the basic alphabet', (id) => {
    const { sms } = write(id);
    expect(sms.length).toBeLessThanOrEqual(160);
    expect(sms).toMatch(/^[A-Za-z0-9 .,:;!?'()/#=&@+%*<>"-]*$/);
  });

  it('tells the count of recovery codes in the singular and the plural', () => {
    expect(renderMail(writeMessage('en', 'recovery_code_used', { left: 3, at, notMeUrl })).text).toContain('3 codes are left');
    expect(renderMail(write('recovery_code_used')).text).toContain('1 code is left');
  });

  it.each([
    ['added', 'given to you'],
    ['revoked', 'taken from you'],
    ['expired', 'its time was over'],
  ] as const)('says what happened to a role that was %s', (change, words) => {
    expect(renderMail(writeMessage('en', 'staff_grant_changed', { change, role: 'support', at })).text).toContain(words);
  });

  it('leaves the link out of a sign-up message that has none, and greets by name where there is one', () => {
    expect(renderMail(writeMessage('en', 'otp_register', { ...code, link: null })).html).not.toContain('<a ');
    expect(renderMail(writeMessage('en', 'welcome_client', { firstName: null, nextStepUrl: shop })).text).toMatch(/^Hello,/);
    expect(renderMail(writeMessage('en', 'welcome_vendor', { firstName: 'Musa', nextStepUrl: shop })).text).toMatch(/^Hello Musa,/);
  });

  it('tells a change of a live product from a product, an archive from a take-down, a removal from a change', () => {
    const url = shop;
    const words = { title: 'Kaftan', reasonText: null, url };
    expect(writeMessage('en', 'product_published', { ...words, isChange: true }).subject).toBe('Your change is live: Kaftan');
    expect(renderMail(writeMessage('en', 'product_rejected', { ...words, notes: [], isChange: true })).text).toContain('stays in the shop');
    expect(writeMessage('en', 'product_taken_down', { ...words, isArchived: true }).subject).toContain('archive');
    const account = { bankName: 'Sample Bank', last4: '0042', notMeUrl };
    expect(writeMessage('en', 'bank_changed', { ...account, isRemoved: true }).sms).toContain('was removed');
  });

  it('says that a ticket which was closed early opens no more', () => {
    const message = writeMessage('en', 'ticket_resolved', { number: 'T-7', url: shop, isClosed: true });
    expect(message).toMatchObject({ subject: 'Your request T-7 is closed', sms: expect.stringContaining('is closed') });
    expect(renderMail(message).text).toContain('please open a new one');
  });

  it('names no former contact once it is forgotten', () => {
    const message = writeMessage('en', 'contact_changed_new', { maskedOld: null });
    expect(renderMail(message).text).toContain('is now reached here.');
    expect(message.sms).toContain('is now reached here. Sign in');
  });

  it('has words for what lists do not know, and never shows a code of a list', () => {
    expect([factorName('totp'), factorName('sms_code'), factorName(undefined)]).toEqual([
      'authenticator app',
      'second step',
      'second step',
    ]);
    expect([providerName('google'), providerName('acme_id'), providerName(undefined)]).toEqual(['Google', 'outside', 'outside']);
    expect([reasonText('fraud'), reasonText('x_9'), reasonText(undefined)]).toEqual([
      'signs of fraud.',
      'it needs a check by our team.',
      'it needs a check by our team.',
    ]);
  });

  it('falls back to English for a locale without texts, and says so', () => {
    expect(writeMessage('yo', 'otp_login', code)).toMatchObject({ locale: 'en', sms: expect.stringContaining('042817') });
  });
});

describe('hostile values in a message', () => {
  it('are escaped in HTML and cannot add a header line', () => {
    const hostile = '<img src=x onerror="alert(1)">\r\nBcc: all@evil.ng &\'';
    const mail = renderMail(writeMessage('en', 'new_device', { ...signIn, device: hostile }));
    expect(mail.html).not.toContain('<img');
    expect(mail.html).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt;');
    expect(mail.html).toContain('&#39;');
    const evilCode = renderMail(writeMessage('en', 'otp_login', { code: '1\r\nBcc: all@evil.ng', minutes: 10 }));
    expect(evilCode.subject).not.toMatch(/[\r\n]/);
  });
});
