import type { Prisma } from '@prisma/client';
import { pending, tokenSet } from '../../../src/api/shapes.ts';
import { type Api, codeOf, freshEmail, goodPassword, shaped } from './api.ts';

/** A new vendor with an empty store, and the means to put the store into states that only reviewers reach. */
export async function newVendor(api: Api) {
  const email = freshEmail();
  const started = shaped(pending, await api.post('/auth/register', { email, password: goodPassword, role: 'vendor' }));
  const verified = await api.post('/auth/register/verify', { flowId: started.flowId, code: codeOf(api, started.flowId) });
  const { accessToken, refreshToken, user } = shaped(tokenSet, verified);
  const { prisma } = api.app.deps.database;
  const asSystem = <T>(work: () => Promise<T>) => api.app.as({ kind: 'system', name: 'test' }, work);
  return {
    email,
    accessToken,
    user,
    /** Without a new version, as a test that knows the version wants it. */
    arrange: (data: Prisma.VendorUncheckedUpdateInput) => asSystem(() => prisma.vendor.update({ where: { userId: user.id }, data })),
    sendKyc: () =>
      asSystem(() => prisma.vendorSetup.updateMany({ where: { vendor: { userId: user.id } }, data: { kycSentAt: api.app.clock.now() } })),
    refresh: async () => shaped(tokenSet, await api.post('/auth/token/refresh', { refreshToken })),
  };
}
