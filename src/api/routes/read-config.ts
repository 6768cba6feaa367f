import { z } from 'zod';
import { locales } from '../../foundation/i18n/locale.ts';
import { defineEndpoint, noBody, noQuery } from '../define-endpoint.ts';

const configShape = z
  .strictObject({
    methods: z.array(z.enum(['password', 'otp', 'passkey', 'google'])),
    roles: z.array(z.enum(['client', 'vendor'])),
    password: z.strictObject({ minLength: z.int(), maxLength: z.int() }),
    otp: z.strictObject({ length: z.literal(6), emailTtl: z.int(), smsTtl: z.int(), resendIn: z.int() }),
    google: z.strictObject({ enabled: z.boolean(), clientId: z.string().nullable() }),
    smsCountries: z.array(z.string()),
    defaultCountry: z.string(),
    terms: z.strictObject({ version: z.string(), url: z.string() }),
    locales: z.array(z.string()),
  })
  .meta({ id: 'AuthConfig' });

/** GET /auth/config: what a sign-in page needs to know. Only methods that work here are named. */
export const readConfig = defineEndpoint({
  summary: 'Read what a sign-in page needs',
  query: noQuery,
  body: noBody,
  replies: { 200: { description: 'Public settings', schema: configShape } },
  handle({ deps: { config } }) {
    return {
      status: 200,
      headers: { 'Cache-Control': 'public, max-age=300' },
      body: {
        methods: ['password', 'otp', 'passkey', ...(config.googleClientId === '' ? [] : ['google'])],
        roles: ['client', 'vendor'],
        password: { minLength: config.passwordMin, maxLength: config.passwordMax },
        otp: { length: 6, emailTtl: config.otpEmailTtlSeconds, smsTtl: config.otpSmsTtlSeconds, resendIn: config.otpResendSeconds },
        google: { enabled: config.googleClientId !== '', clientId: config.googleClientId || null },
        smsCountries: config.smsAllowedCountries,
        defaultCountry: config.defaultCountry,
        terms: { version: config.termsVersion, url: config.termsUrl },
        locales,
      },
    };
  },
});
