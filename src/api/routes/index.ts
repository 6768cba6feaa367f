import { oauthCookie } from '../cookies.ts';
import type { Limit, Route } from '../endpoint.ts';
import { addPasskey } from './add-passkey.ts';
import { addBankAccount, listBankAccounts, removeBankAccount } from './bank-accounts.ts';
import { cancelContactChange } from './cancel-contact-change.ts';
import { challengeMfa } from './challenge-mfa.ts';
import { changePassword as replacePassword } from './change-password.ts';
import { readClient, updateClient } from './client-profile.ts';
import { completeLink } from './complete-link.ts';
import { confirmTotp } from './confirm-totp.ts';
import { listConsents, recordConsent } from './consents.ts';
import { changePassword, readJwks, readServerMetadata } from './discovery.ts';
import { endDeviceTrust } from './end-device-trust.ts';
import { readErasure, requestErasure, withdrawErasure } from './erasure.ts';
import { downloadExport, readExport, requestExport } from './exports.ts';
import { finishGoogle } from './finish-google.ts';
import { finishPasskeySignIn } from './finish-passkey-sign-in.ts';
import { isLive, isReady } from './health.ts';
import { introspectToken } from './introspect-token.ts';
import { issueGoogleNonce } from './issue-google-nonce.ts';
import { linkGoogle } from './link-google.ts';
import { listCountries } from './list-countries.ts';
import { listIdentities } from './list-identities.ts';
import { listPasskeys } from './list-passkeys.ts';
import { listSessions } from './list-sessions.ts';
import { listTrustedDevices } from './list-trusted-devices.ts';
import { logIn } from './log-in.ts';
import { logOut } from './log-out.ts';
import { otpVerification } from './otp-verification.ts';
import { acceptSuggestion, listRevisions, readRevision, rejectSuggestion, withdrawRevision } from './product-revisions.ts';
import { readAccount } from './read-account.ts';
import { readConfig } from './read-config.ts';
import { readContactChange } from './read-contact-change.ts';
import { readCountry } from './read-country.ts';
import { readDevInbox } from './read-dev-inbox.ts';
import { readDocs, readDocsFile } from './read-docs.ts';
import { readMfa } from './read-mfa.ts';
import { readOpenApi } from './read-openapi.ts';
import { reauthenticate } from './reauthenticate.ts';
import { redeemHandoff } from './redeem-handoff.ts';
import { refreshAlias } from './refresh-alias.ts';
import { refreshSession } from './refresh-session.ts';
import { register } from './register.ts';
import { removePasskey } from './remove-passkey.ts';
import { removeTotp } from './remove-totp.ts';
import { renamePasskey } from './rename-passkey.ts';
import { renewRecoveryCodes } from './renew-recovery-codes.ts';
import { reportNotMe } from './report-not-me.ts';
import { requestContactChange } from './request-contact-change.ts';
import { requestPasswordReset } from './request-password-reset.ts';
import { resendCode } from './resend-code.ts';
import { resetPassword } from './reset-password.ts';
import { revokeOtherSessions } from './revoke-other-sessions.ts';
import { revokeSession } from './revoke-session.ts';
import { revokeToken } from './revoke-token.ts';
import { listSecurityEvents, proveSecurityEvent } from './security-events.ts';
import { sendLoginCode } from './send-login-code.ts';
import { setFirstPassword } from './set-first-password.ts';
import { signInWithGoogle } from './sign-in-with-google.ts';
import { signUp } from './sign-up.ts';
import { startGoogle } from './start-google.ts';
import { startPasskey } from './start-passkey.ts';
import { startPasskeySignIn } from './start-passkey-sign-in.ts';
import { startReauth } from './start-reauth.ts';
import { startTotp } from './start-totp.ts';
import { listCategories, listStorefrontProducts, readStorefrontImage, readStorefrontProduct, readStorefrontVendor } from './storefront.ts';
import { answerTicket, listTickets, openTicket, readTicket, reopenTicket } from './tickets.ts';
import { undoContactChange } from './undo-contact-change.ts';
import { unlinkIdentity } from './unlink-identity.ts';
import { updateAccount } from './update-account.ts';
import { maxFileBytes, uploadVendorFile } from './vendor-files.ts';
import { readKyc, sendKyc } from './vendor-kyc.ts';
import {
  archiveProduct,
  createProduct,
  deleteProduct,
  editProduct,
  listProducts,
  readProduct,
  submitProduct,
  withdrawProduct,
} from './vendor-products.ts';
import { readVendor, replaceVendor, submitVendor } from './vendor-profile.ts';
import { readVendorSettings, replaceVendorSettings } from './vendor-settings.ts';
import { verifyContactChange } from './verify-contact-change.ts';
import { verifyLoginCode } from './verify-login-code.ts';
import { verifyMfa } from './verify-mfa.ts';
import { verifyRegistration } from './verify-registration.ts';
import { verifyResetCode } from './verify-reset-code.ts';

const tenMinutes = 600;
const minute = 60;
const hour = 3600;

const perIp = (name: string, count: number, windowSeconds: number): Limit => ({ name, count, windowSeconds, by: 'ip' });
const perUser = (name: string, count: number, windowSeconds: number): Limit => ({ name, count, windowSeconds, by: 'user' });

const none: readonly Limit[] = [];
/** The part of P9 that counts requests; failures are counted by the command. */
const login: readonly Limit[] = [{ ...perIp('login', 20, minute), alternatives: ['otp', 'passkey', 'google', 'reset'] }];
const account: readonly Limit[] = [perUser('account', 120, minute)];
/**
 * Where the rule of the route counts something else (tries of a challenge or flow, nothing at all for sign-out): far over what people
 * do, so that one address cannot fill the history with calls that name nothing.
 */
const unnamed = (name: string): readonly Limit[] => [perIp(name, 600, minute)];
/** Routes marked † in auth-api.md section 2.6; freshness itself is the command's decision. */
const sensitive: readonly Limit[] = [...account, perUser('account-sensitive', 20, hour)];
/** Each file is decoded and made anew: a store with all its proofs and products, and no more. */
const uploads: readonly Limit[] = [...account, perUser('account-files', 60, hour), perUser('account-files-day', 300, 24 * hour)];
const reference: readonly Limit[] = [perIp('reference', 120, minute)];

/** Of what an answer from memory does not cost. A storefront's server that forwards the shopper's address is counted by shopper. */
const catalog: readonly Limit[] = [{ ...perIp('catalog', 600, minute), onLoad: true }];

const api = '/api/v1';
const revisions = `${api}/account/vendor/products/{id}/revisions`;

/** Every endpoint of the public API: method, path, who may call, limits. */
export const apiRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: `${api}/auth/register`,
    auth: 'none',
    limits: [perIp('register', 30, tenMinutes)],
    endpoint: register,
    isIdempotent: true,
    loggedFields: ['country', 'role', 'locale', 'termsVersion', 'marketingConsent'],
  },
  {
    method: 'POST',
    path: `${api}/auth/register/verify`,
    auth: 'none',
    limits: [perIp('register-verify', 60, tenMinutes)],
    endpoint: verifyRegistration,
  },
  {
    method: 'POST',
    path: `${api}/auth/otp/send`,
    auth: 'none',
    limits: [perIp('otp-send', 30, tenMinutes)],
    endpoint: sendLoginCode,
    isIdempotent: true,
    loggedFields: ['country', 'purpose'],
  },
  {
    method: 'POST',
    path: `${api}/auth/otp/resend`,
    auth: 'none',
    limits: [perIp('otp-resend', 30, tenMinutes)],
    endpoint: resendCode,
    isIdempotent: true,
  },
  {
    method: 'POST',
    path: `${api}/auth/otp/verify`,
    auth: 'none',
    limits: [perIp('otp-verify', 60, tenMinutes)],
    endpoint: verifyLoginCode,
  },
  { method: 'POST', path: `${api}/auth/login`, auth: 'none', limits: login, endpoint: logIn, loggedFields: ['country'] },
  {
    method: 'POST',
    path: `${api}/auth/mfa/challenge`,
    auth: 'none',
    limits: [perIp('mfa-challenge', 30, tenMinutes)],
    endpoint: challengeMfa,
    loggedFields: ['method'],
  },
  {
    method: 'POST',
    path: `${api}/auth/mfa/verify`,
    auth: 'none',
    limits: unnamed('mfa-verify'),
    endpoint: verifyMfa,
    loggedFields: ['method', 'trustDevice'],
  },
  {
    method: 'POST',
    path: `${api}/auth/passkeys/authenticate/options`,
    auth: 'none',
    limits: [perIp('passkey-options', 30, minute)],
    endpoint: startPasskeySignIn,
  },
  {
    method: 'POST',
    path: `${api}/auth/passkeys/authenticate/verify`,
    auth: 'none',
    limits: [perIp('passkey-verify', 30, minute)],
    endpoint: finishPasskeySignIn,
  },
  {
    method: 'GET',
    path: `${api}/auth/google/start`,
    auth: 'none',
    limits: [perIp('google-start', 30, tenMinutes)],
    endpoint: startGoogle,
  },
  {
    method: 'GET',
    path: `${api}/auth/google/callback`,
    auth: 'none',
    limits: [perIp('google-callback', 30, tenMinutes)],
    endpoint: finishGoogle,
    clearsCookie: oauthCookie,
  },
  { method: 'POST', path: `${api}/auth/handoff`, auth: 'none', limits: [perIp('handoff', 60, tenMinutes)], endpoint: redeemHandoff },
  {
    method: 'POST',
    path: `${api}/auth/google/nonce`,
    auth: 'none',
    limits: [perIp('google-nonce', 60, tenMinutes)],
    endpoint: issueGoogleNonce,
  },
  {
    method: 'POST',
    path: `${api}/auth/google/id-token`,
    auth: 'none',
    limits: [perIp('google-id-token', 60, tenMinutes)],
    endpoint: signInWithGoogle,
    loggedFields: ['role', 'termsVersion'],
  },
  { method: 'POST', path: `${api}/auth/link/complete`, auth: 'none', limits: unnamed('link-complete'), endpoint: completeLink },
  { method: 'POST', path: `${api}/auth/token/refresh`, auth: 'none', limits: [perIp('refresh', 600, minute)], endpoint: refreshSession },
  { method: 'POST', path: `${api}/auth/logout`, auth: 'optional', limits: unnamed('logout'), endpoint: logOut, loggedFields: ['scope'] },
  {
    method: 'POST',
    path: `${api}/auth/password/forgot`,
    auth: 'none',
    limits: [perIp('password-forgot', 30, tenMinutes)],
    endpoint: requestPasswordReset,
    isIdempotent: true,
    loggedFields: ['country'],
  },
  {
    method: 'POST',
    path: `${api}/auth/password/reset/verify`,
    auth: 'none',
    limits: [perIp('password-reset-verify', 60, tenMinutes)],
    endpoint: verifyResetCode,
  },
  {
    method: 'POST',
    path: `${api}/auth/password/reset`,
    auth: 'none',
    limits: [perIp('password-reset', 30, tenMinutes)],
    endpoint: resetPassword,
  },
  { method: 'POST', path: `${api}/auth/not-me`, auth: 'none', limits: [perIp('not-me', 30, tenMinutes)], endpoint: reportNotMe },
  {
    method: 'POST',
    path: `${api}/auth/contact-change/undo`,
    auth: 'none',
    limits: [perIp('contact-change-undo', 30, tenMinutes)],
    endpoint: undoContactChange,
  },
  { method: 'GET', path: `${api}/auth/config`, auth: 'none', limits: none, endpoint: readConfig },
  { method: 'POST', path: `${api}/auth/introspect`, auth: 'confidential', limits: none, endpoint: introspectToken, takesForm: true },
  { method: 'POST', path: `${api}/auth/revoke`, auth: 'confidential', limits: none, endpoint: revokeToken, takesForm: true },

  // Aliases of the earlier storefront (auth-api.md 2.5). The same name of a limit is the same count.
  {
    method: 'POST',
    path: `${api}/auth/sign-up`,
    successor: `${api}/auth/register`,
    auth: 'none',
    limits: [perIp('register', 30, tenMinutes)],
    endpoint: signUp,
    isIdempotent: true,
    loggedFields: ['role'],
  },
  {
    method: 'POST',
    path: `${api}/auth/otp-verification`,
    successor: `${api}/auth/register/verify`,
    auth: 'none',
    limits: [perIp('register-verify', 60, tenMinutes)],
    endpoint: otpVerification,
  },
  {
    method: 'POST',
    path: `${api}/auth/refresh`,
    successor: `${api}/auth/token/refresh`,
    auth: 'none',
    limits: [perIp('refresh', 600, minute)],
    endpoint: refreshAlias,
  },

  { method: 'GET', path: `${api}/account`, auth: 'session', limits: account, endpoint: readAccount },
  {
    method: 'PATCH',
    path: `${api}/account`,
    auth: 'session',
    limits: account,
    endpoint: updateAccount,
    loggedFields: ['language', 'timezone', 'countryCode', 'marketingConsent'],
  },
  {
    method: 'POST',
    path: `${api}/account/reauth/options`,
    auth: 'session',
    limits: account,
    endpoint: startReauth,
    loggedFields: ['method'],
  },
  { method: 'POST', path: `${api}/account/reauth`, auth: 'session', limits: account, endpoint: reauthenticate, loggedFields: ['method'] },
  { method: 'PUT', path: `${api}/account/password`, auth: 'session', limits: sensitive, endpoint: replacePassword },
  { method: 'POST', path: `${api}/account/password`, auth: 'session', limits: sensitive, endpoint: setFirstPassword },
  {
    method: 'POST',
    path: `${api}/account/contact-change`,
    auth: 'session',
    limits: sensitive,
    endpoint: requestContactChange,
    isIdempotent: true,
    loggedFields: ['country'],
  },
  { method: 'GET', path: `${api}/account/contact-change`, auth: 'session', limits: account, endpoint: readContactChange },
  { method: 'DELETE', path: `${api}/account/contact-change`, auth: 'session', limits: account, endpoint: cancelContactChange },
  { method: 'POST', path: `${api}/account/contact-change/verify`, auth: 'session', limits: sensitive, endpoint: verifyContactChange },
  { method: 'GET', path: `${api}/account/identities`, auth: 'session', limits: account, endpoint: listIdentities },
  { method: 'POST', path: `${api}/account/identities/google`, auth: 'session', limits: sensitive, endpoint: linkGoogle },
  { method: 'DELETE', path: `${api}/account/identities/{id}`, auth: 'session', limits: sensitive, endpoint: unlinkIdentity },
  { method: 'GET', path: `${api}/account/sessions`, auth: 'session', limits: account, endpoint: listSessions },
  { method: 'DELETE', path: `${api}/account/sessions`, auth: 'session', limits: account, endpoint: revokeOtherSessions },
  { method: 'DELETE', path: `${api}/account/sessions/{id}`, auth: 'session', limits: account, endpoint: revokeSession },
  { method: 'GET', path: `${api}/account/mfa`, auth: 'session', limits: account, endpoint: readMfa },
  { method: 'POST', path: `${api}/account/mfa/totp`, auth: 'session', limits: sensitive, endpoint: startTotp },
  { method: 'DELETE', path: `${api}/account/mfa/totp`, auth: 'session', limits: sensitive, endpoint: removeTotp },
  { method: 'POST', path: `${api}/account/mfa/totp/confirm`, auth: 'session', limits: sensitive, endpoint: confirmTotp },
  { method: 'POST', path: `${api}/account/mfa/recovery-codes`, auth: 'session', limits: sensitive, endpoint: renewRecoveryCodes },
  { method: 'POST', path: `${api}/account/passkeys/options`, auth: 'session', limits: sensitive, endpoint: startPasskey },
  { method: 'POST', path: `${api}/account/passkeys`, auth: 'session', limits: sensitive, endpoint: addPasskey },
  { method: 'GET', path: `${api}/account/passkeys`, auth: 'session', limits: account, endpoint: listPasskeys },
  { method: 'PATCH', path: `${api}/account/passkeys/{id}`, auth: 'session', limits: account, endpoint: renamePasskey },
  { method: 'DELETE', path: `${api}/account/passkeys/{id}`, auth: 'session', limits: sensitive, endpoint: removePasskey },
  { method: 'GET', path: `${api}/account/trusted-devices`, auth: 'session', limits: account, endpoint: listTrustedDevices },
  { method: 'DELETE', path: `${api}/account/trusted-devices/{id}`, auth: 'session', limits: account, endpoint: endDeviceTrust },

  { method: 'GET', path: `${api}/account/security-events`, auth: 'session', limits: account, endpoint: listSecurityEvents },
  { method: 'GET', path: `${api}/account/security-events/{id}/proof`, auth: 'session', limits: account, endpoint: proveSecurityEvent },
  { method: 'GET', path: `${api}/account/consents`, auth: 'session', limits: account, endpoint: listConsents },
  {
    method: 'POST',
    path: `${api}/account/consents`,
    auth: 'session',
    limits: account,
    endpoint: recordConsent,
    loggedFields: ['purpose', 'version', 'granted'],
  },
  { method: 'POST', path: `${api}/account/export`, auth: 'session', limits: sensitive, endpoint: requestExport, isIdempotent: true },
  { method: 'GET', path: `${api}/account/exports/{id}`, auth: 'session', limits: account, endpoint: readExport },
  { method: 'POST', path: `${api}/account/exports/{id}/download`, auth: 'session', limits: sensitive, endpoint: downloadExport },
  { method: 'POST', path: `${api}/account/erase`, auth: 'session', limits: sensitive, endpoint: requestErasure, isIdempotent: true },
  { method: 'GET', path: `${api}/account/erase`, auth: 'session', limits: account, endpoint: readErasure },
  { method: 'DELETE', path: `${api}/account/erase`, auth: 'session', limits: account, endpoint: withdrawErasure },
  { method: 'GET', path: `${api}/account/client`, auth: 'session', limits: account, endpoint: readClient },
  { method: 'PATCH', path: `${api}/account/client`, auth: 'session', limits: account, endpoint: updateClient },
  { method: 'GET', path: `${api}/account/vendor`, auth: 'session', limits: account, endpoint: readVendor },
  { method: 'PUT', path: `${api}/account/vendor`, auth: 'session', limits: account, endpoint: replaceVendor },
  { method: 'POST', path: `${api}/account/vendor/submit`, auth: 'session', limits: account, endpoint: submitVendor, isIdempotent: true },
  {
    method: 'POST',
    path: `${api}/account/vendor/files`,
    auth: 'session',
    limits: uploads,
    endpoint: uploadVendorFile,
    takesFile: maxFileBytes,
  },
  { method: 'GET', path: `${api}/account/vendor/kyc`, auth: 'session', limits: account, endpoint: readKyc },
  { method: 'POST', path: `${api}/account/vendor/kyc`, auth: 'session', limits: account, endpoint: sendKyc },
  { method: 'GET', path: `${api}/account/vendor/settings`, auth: 'session', limits: account, endpoint: readVendorSettings },
  { method: 'PUT', path: `${api}/account/vendor/settings`, auth: 'session', limits: account, endpoint: replaceVendorSettings },
  { method: 'GET', path: `${api}/account/vendor/bank-accounts`, auth: 'session', limits: account, endpoint: listBankAccounts },
  { method: 'POST', path: `${api}/account/vendor/bank-accounts`, auth: 'session', limits: sensitive, endpoint: addBankAccount },
  { method: 'DELETE', path: `${api}/account/vendor/bank-accounts/{id}`, auth: 'session', limits: sensitive, endpoint: removeBankAccount },
  { method: 'GET', path: `${api}/account/vendor/products`, auth: 'session', limits: account, endpoint: listProducts },
  { method: 'POST', path: `${api}/account/vendor/products`, auth: 'session', limits: account, endpoint: createProduct },
  { method: 'GET', path: `${api}/account/vendor/products/{id}`, auth: 'session', limits: account, endpoint: readProduct },
  { method: 'PATCH', path: `${api}/account/vendor/products/{id}`, auth: 'session', limits: account, endpoint: editProduct },
  { method: 'DELETE', path: `${api}/account/vendor/products/{id}`, auth: 'session', limits: account, endpoint: deleteProduct },
  { method: 'POST', path: `${api}/account/vendor/products/{id}/submit`, auth: 'session', limits: account, endpoint: submitProduct },
  { method: 'POST', path: `${api}/account/vendor/products/{id}/withdraw`, auth: 'session', limits: account, endpoint: withdrawProduct },
  { method: 'POST', path: `${api}/account/vendor/products/{id}/archive`, auth: 'session', limits: account, endpoint: archiveProduct },
  { method: 'GET', path: `${api}/account/vendor/products/{id}/revisions`, auth: 'session', limits: account, endpoint: listRevisions },
  { method: 'GET', path: `${revisions}/{revisionId}`, auth: 'session', limits: account, endpoint: readRevision },
  { method: 'POST', path: `${revisions}/{revisionId}/accept`, auth: 'session', limits: account, endpoint: acceptSuggestion },
  { method: 'POST', path: `${revisions}/{revisionId}/reject`, auth: 'session', limits: account, endpoint: rejectSuggestion },
  { method: 'POST', path: `${revisions}/{revisionId}/withdraw`, auth: 'session', limits: account, endpoint: withdrawRevision },

  { method: 'GET', path: `${api}/support/tickets`, auth: 'session', limits: account, endpoint: listTickets },
  {
    method: 'POST',
    path: `${api}/support/tickets`,
    auth: 'session',
    limits: account,
    endpoint: openTicket,
    loggedFields: ['category'],
  },
  { method: 'GET', path: `${api}/support/tickets/{id}`, auth: 'session', limits: account, endpoint: readTicket },
  { method: 'POST', path: `${api}/support/tickets/{id}/messages`, auth: 'session', limits: account, endpoint: answerTicket },
  { method: 'POST', path: `${api}/support/tickets/{id}/reopen`, auth: 'session', limits: account, endpoint: reopenTicket },

  { method: 'GET', path: `${api}/reference/countries`, auth: 'none', limits: reference, endpoint: listCountries },
  { method: 'GET', path: `${api}/reference/countries/{iso2}`, auth: 'none', limits: reference, endpoint: readCountry },

  { method: 'GET', path: `${api}/catalog/vendors/{slug}`, auth: 'none', limits: catalog, endpoint: readStorefrontVendor },
  { method: 'GET', path: `${api}/catalog/categories`, auth: 'none', limits: catalog, endpoint: listCategories },
  { method: 'GET', path: `${api}/catalog/products`, auth: 'none', limits: catalog, endpoint: listStorefrontProducts },
  { method: 'GET', path: `${api}/catalog/products/{slug}`, auth: 'none', limits: catalog, endpoint: readStorefrontProduct },
  { method: 'GET', path: `${api}/catalog/images/{fileId}`, auth: 'none', limits: catalog, endpoint: readStorefrontImage },

  { method: 'GET', path: '/.well-known/jwks.json', auth: 'none', limits: none, endpoint: readJwks },
  { method: 'GET', path: '/.well-known/openid-configuration', auth: 'none', limits: none, endpoint: readServerMetadata },
  { method: 'GET', path: '/.well-known/oauth-authorization-server', auth: 'none', limits: none, endpoint: readServerMetadata },
  { method: 'GET', path: '/.well-known/change-password', auth: 'none', limits: none, endpoint: changePassword },
  { method: 'GET', path: '/health/live', auth: 'none', limits: none, endpoint: isLive },
  { method: 'GET', path: '/health/ready', auth: 'none', limits: none, endpoint: isReady },
  { method: 'GET', path: '/openapi.json', auth: 'none', limits: none, endpoint: readOpenApi },
  { method: 'GET', path: '/docs', auth: 'none', limits: none, endpoint: readDocs },
  { method: 'GET', path: '/docs/{file}', auth: 'none', limits: none, endpoint: readDocsFile },
  { method: 'GET', path: '/dev/inbox', auth: 'none', limits: none, endpoint: readDevInbox, isDevelopmentOnly: true },
];
