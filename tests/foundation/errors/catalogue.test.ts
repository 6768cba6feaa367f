import { describe, expect, it } from 'vitest';
import { AppError, fail, validationError } from '../../../src/foundation/errors/app-error.ts';
import { catalogue, catalogueEntry, isErrorCode } from '../../../src/foundation/errors/catalogue.ts';

const codes = Object.keys(catalogue).filter(isErrorCode);

/** auth-api.md section 1.2, the common codes with their statuses, and a few of every other kind. */
const specified: Readonly<Record<number, string>> = {
  400: 'malformed_json bad_request idempotency_key_invalid pkce_required return_to_not_allowed oauth_state_invalid handoff_invalid unknown_filter unknown_sort',
  401: 'token_missing token_invalid token_expired session_revoked client_invalid invalid_credentials otp_invalid otp_expired otp_exhausted mfa_invalid passkey_invalid idtoken_invalid idtoken_replayed refresh_token_invalid refresh_token_expired refresh_token_reused',
  403: 'origin_not_allowed reauth_required account_suspended account_frozen role_required verification_required password_disabled provider_email_unverified four_eyes quota_exceeded step_up_required',
  404: 'not_found provider_disabled',
  405: 'method_not_allowed',
  409: 'idempotency_in_progress in_progress transition_not_allowed identity_in_use identity_exists contact_change_open no_password password_exists last_credential totp_exists no_factor too_many_passkeys passkey_exists proof_pending export_in_progress erase_in_progress erase_blocked vendor_locked store_name_taken vendor_incomplete bank_account_limit bank_account_exists kyc_in_review vendor_not_approved product_limit ticket_closed subject_changed legal_hold version_conflict',
  410: 'flow_expired challenge_expired enrolment_expired export_expired',
  413: 'body_too_large',
  415: 'unsupported_media_type file_type_not_allowed',
  422: 'validation_failed required invalid_type invalid_value too_short too_long unknown_field idempotency_key_reused identifier_exactly_one email_invalid phone_invalid phone_unsupported password_too_short password_too_long password_too_similar password_breached password_unchanged password_mismatch otp_malformed name_invalid country_unknown role_not_allowed terms_version_unknown method_not_available flow_required store_name_reserved slug_invalid tax_id_invalid nuban_invalid document_number_invalid price_invalid commission_invalid hours_invalid url_invalid reason_too_short',
  428: 'if_match_required',
  429: 'rate_limited otp_cooldown mfa_locked',
  500: 'internal_error',
  503: 'overloaded unavailable read_only audit_unavailable',
};

describe('the catalogue', () => {
  it.each(Object.entries(specified))('answers %s for every code the specification gives that status', (status, list) => {
    for (const code of list.split(' ')) {
      expect(isErrorCode(code), code).toBe(true);
      if (isErrorCode(code)) expect(catalogue[code].status, code).toBe(Number(status));
    }
  });

  it('has permanent snake_case codes, HTTP error statuses and a title each', () => {
    for (const code of codes) {
      const entry = catalogueEntry(code);
      expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
      expect(entry.status).toBeGreaterThanOrEqual(400);
      expect(entry.status).toBeLessThan(600);
      expect(entry.title.length).toBeGreaterThan(5);
    }
    expect(new Set(codes.map((code) => catalogue[code].title)).size).toBe(codes.length);
  });

  it('knows its codes and nothing that objects inherit', () => {
    for (const text of ['constructor', '__proto__', 'toString', '']) expect(isErrorCode(text)).toBe(false);
  });
});

describe('AppError', () => {
  it('carries status and developer title of its code, and the cause', () => {
    const cause = new Error('below');
    const error = new AppError('overloaded', { retryAfterSeconds: 1, cause });
    expect(error).toMatchObject({ name: 'AppError', code: 'overloaded', status: 503, message: 'Hashing queue is full', cause });
    expect(new AppError('not_found').cause).toBeUndefined();
  });

  it('takes another status only where the catalogue offers it', () => {
    expect(new AppError('token_expired').status).toBe(401);
    expect(new AppError('token_expired', { status: 410 }).status).toBe(410);
    expect(new AppError('not_found', { status: 410 }).status).toBe(404);
  });

  it('fail throws it', () => {
    expect(() => fail('four_eyes')).toThrow(AppError);
  });

  it('one field error gives its own code, several give validation_failed', () => {
    expect(validationError([{ path: 'email', code: 'email_invalid' }]).code).toBe('email_invalid');
    const two = validationError([
      { path: 'email', code: 'email_invalid' },
      { path: 'role', code: 'role_not_allowed' },
    ]);
    expect(two.code).toBe('validation_failed');
    expect(two.details.errors).toHaveLength(2);
    expect(validationError([]).code).toBe('validation_failed');
  });
});
