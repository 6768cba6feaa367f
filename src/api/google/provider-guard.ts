import { fail } from '../../foundation/errors/app-error.ts';
import type { Endpoint } from '../endpoint.ts';

/** 404 `provider_disabled` for every call of a Google route where no client id is configured, whatever else is wrong with it (auth-api.md 2.3). */
export function whereGoogleIs(endpoint: Endpoint): Endpoint {
  return {
    ...endpoint,
    errors: ['provider_disabled', ...endpoint.errors],
    async run(call, raw) {
      if (call.deps.config.googleClientId === '') fail('provider_disabled');
      return endpoint.run(call, raw);
    },
  };
}
