import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { emailSchema, parseEmail } from '../../../src/modules/identity/email.ts';
import { addCodeIssue } from '../../../src/modules/identity/field-rule.ts';
import {
  destinationOf,
  type IdentifierInput,
  identifierFields,
  limitKeyOf,
  parseIdentifier,
  readIdentifier,
} from '../../../src/modules/identity/identifier.ts';
import { otpSchema, parseOtp } from '../../../src/modules/identity/otp-format.ts';
import { parseNewPassword } from '../../../src/modules/identity/password-policy.ts';
import { parsePersonName, personNameSchema } from '../../../src/modules/identity/person-name.ts';
import { isDemoPhone, type PhoneRules, parsePhone, phoneSchema } from '../../../src/modules/identity/phone.ts';
import { passwordOwner, type ValidationRow, validationTable } from './validation-table.ts';

const rules: PhoneRules = { country: 'NG', allowedCountries: ['NG', 'GH', 'KE', 'ZA', 'GB', 'US'], isDemoRangeOpen: true };
const customerRules = { min: 12, max: 128 };

type Answer = { ok: true; value: unknown } | { ok: false; code: string };

function judge(row: ValidationRow): Answer {
  const phoneRules = { ...rules, isDemoRangeOpen: !row.isProductionOnly };
  if (typeof row.input !== 'string') {
    const parsed = parseIdentifier(z.object(identifierFields).parse(row.input), phoneRules);
    return parsed.ok ? { ok: true, value: parsed.value.value } : parsed;
  }
  switch (row.field) {
    case 'email':
      return parseEmail(row.input);
    case 'phone': {
      const parsed = parsePhone(row.input, phoneRules);
      return parsed.ok ? { ok: true, value: parsed.value.e164 } : parsed;
    }
    case 'firstName':
      return parsePersonName(row.input);
    case 'password':
      return parseNewPassword(row.input, customerRules, passwordOwner);
    case 'code':
      return parseOtp(row.input);
    case 'identifier':
      throw new TypeError('an identifier row holds members');
    default:
      return row.field satisfies never;
  }
}

describe('the validation table', () => {
  it.each(validationTable.map((row) => [`${row.field}: ${row.name}`, row] as const))('%s', (_, row) => {
    const expected = 'stored' in row.outcome ? { ok: true, value: row.outcome.stored } : { ok: false, code: row.outcome.code };
    expect(judge(row)).toMatchObject(expected);
  });

  it.each(validationTable.filter((row) => 'stored' in row.outcome && row.field !== 'password' && row.field !== 'identifier'))(
    'what $field "$name" stores is accepted again unchanged',
    (row) => {
      const stored = 'stored' in row.outcome ? row.outcome.stored : '';
      expect(judge({ ...row, input: stored })).toMatchObject({ ok: true, value: stored });
    },
  );
});

describe('schemas', () => {
  it('give the canonical value', () => {
    expect(emailSchema.parse('Ada@Example.com')).toBe('ada@example.com');
    expect(phoneSchema(rules).parse('08021234567')).toEqual({ e164: '+2348021234567', country: 'NG' });
    expect(personNameSchema.parse(' Ada ')).toBe('Ada');
    expect(otpSchema.parse('123 456')).toBe('123456');
  });

  it('report our code in params', () => {
    expect(emailSchema.safeParse('x').error?.issues).toMatchObject([{ code: 'custom', params: { code: 'email_invalid' } }]);
    expect(otpSchema.safeParse('x').error?.issues).toMatchObject([{ code: 'custom', params: { code: 'otp_malformed' } }]);
  });

  it('leave a wrong JSON type to zod', () => {
    expect(emailSchema.safeParse(5).error?.issues[0]?.code).toBe('invalid_type');
  });

  it('put an identifier issue at the member it is about, or at the whole body', () => {
    const body = z.strictObject(identifierFields).transform((input, ctx) => readIdentifier(input, rules, ctx));
    const pathOf = (input: IdentifierInput) => body.safeParse(input).error?.issues.map((issue) => issue.path.join('.'));
    expect(pathOf({ email: 'x' })).toEqual(['email']);
    expect(pathOf({ phone: 'x' })).toEqual(['phone']);
    expect(pathOf({})).toEqual(['']);
    expect(body.parse({ email: 'A@example.com' })).toEqual({ kind: 'email', value: 'a@example.com' });
  });

  it('let a refinement over several members report a code at its path', () => {
    const schema = z
      .object({ password: z.string() })
      .superRefine((body, ctx) => addCodeIssue(ctx, 'password_breached', body.password, ['password']));
    expect(schema.safeParse({ password: 'x' }).error?.issues).toMatchObject([
      { path: ['password'], params: { code: 'password_breached' } },
    ]);
  });
});

describe('identifiers', () => {
  it('count tags and dots of one mailbox as one for limits', () => {
    const keyOf = (value: string) => limitKeyOf({ kind: 'email', value });
    expect(keyOf('a.d.a+shop@example.com')).toBe('ada@example.com');
    expect(keyOf('ada@ex.ample.com')).toBe('ada@ex.ample.com');
    expect(keyOf('+tag@example.com')).toBe('+tag@example.com');
    expect(limitKeyOf({ kind: 'phone', value: '+2348021234567' })).toBe('+2348021234567');
  });

  it('are masked for the one who typed them', () => {
    expect(destinationOf({ kind: 'email', value: 'ada@example.com' })).toBe('a***@example.com');
    expect(destinationOf({ kind: 'phone', value: '+2348021234567' })).toBe('+234***4567');
  });

  it('tell demo numbers from real ones', () => {
    expect(isDemoPhone('+2347000009000')).toBe(true);
    expect(isDemoPhone('+2348021234567')).toBe(false);
  });

  it('read a national number by no country at all only when it is international', () => {
    const nowhere = { ...rules, country: 'XX' };
    expect(parsePhone('0802 123 4567', nowhere)).toEqual({ ok: false, code: 'phone_invalid' });
    expect(parsePhone('+234 802 123 4567', nowhere)).toMatchObject({ ok: true });
  });
});

describe('passwords', () => {
  it('are measured by the rules handed in: 15 for staff', () => {
    expect(parseNewPassword('gt7Kpw2qXm9zvb', { min: 15, max: 128 }, { identifiers: [], names: [] })).toEqual({
      ok: false,
      code: 'password_too_short',
    });
  });

  it('are refused when they are a misspelt name', () => {
    const owner = { identifiers: [], names: ['Oluwaseun', 'Adebayo-Johnson'] };
    expect(parseNewPassword('Oluwasuen Adebayo', customerRules, owner)).toEqual({ ok: false, code: 'password_too_similar' });
    expect(parseNewPassword('adebayojonhson', customerRules, owner)).toMatchObject({ ok: false });
  });

  it('are refused when they are runs of the keyboard one after another, and not for beginning with one', () => {
    const owner = { identifiers: [], names: [] };
    expect(parseNewPassword('abcdefgh12345678qwerty', customerRules, owner)).toEqual({ ok: false, code: 'password_breached' });
    expect(parseNewPassword('abcdefgh loud moose sings', customerRules, owner)).toMatchObject({ ok: true });
  });

  it('are refused for one slip in eight letters of a name, and taken for two', () => {
    const owner = { identifiers: [], names: ['Chukwuemekaobinna'] };
    expect(parseNewPassword('chukwuemekobinna', customerRules, owner)).toEqual({ ok: false, code: 'password_too_similar' });
    expect(parseNewPassword('chukwuemekaobxyzinna', customerRules, owner)).toMatchObject({ ok: true });
  });

  it('may hold a short name inside other words', () => {
    expect(parseNewPassword('canada has adaptable moose', customerRules, { identifiers: [], names: ['Ada'] })).toMatchObject({ ok: true });
  });

  it('of random characters are never called similar or breached', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 18, maxLength: 40 }), (bytes) => {
        fc.pre(new Set(bytes).size > 12);
        const typed = Buffer.from(bytes).toString('base64url');
        expect(parseNewPassword(typed, customerRules, passwordOwner)).toEqual({ ok: true, value: typed });
      }),
    );
  });
});

describe('no input', () => {
  const hostile = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ unit: 'grapheme', maxLength: 300 }));

  it('makes a rule throw, and what a rule accepts it accepts again unchanged', () => {
    fc.assert(
      fc.property(hostile, (typed) => {
        for (const parse of [parseEmail, parsePersonName, parseOtp]) {
          const parsed = parse(typed);
          if (parsed.ok) expect(parse(parsed.value)).toEqual(parsed);
        }
        parsePhone(typed, rules);
        parseNewPassword(typed, customerRules, passwordOwner);
      }),
      { numRuns: 500 },
    );
  });
});
