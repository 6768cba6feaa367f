import type { Config } from '../../foundation/config/config.ts';

/** Links of messages. Tokens stand in the fragment, which no server and no mail scanner ever receives. */
export function storefrontLinks(config: Pick<Config, 'storefrontUrl' | 'publicUrl'>) {
  const shop = config.storefrontUrl;
  const withToken = (path: string) => (token: string) => `${shop}${path}#t=${token}`;
  return {
    signIn: `${shop}/login`,
    forgotPassword: `${shop}/forgot-password`,
    support: `${shop}/support`,
    sessions: `${shop}/account/sessions`,
    privacy: `${shop}/account/privacy`,
    ticket: (id: string) => `${shop}/support/tickets/${id}`,
    clientHome: `${shop}/dashboard/client`,
    vendorOnboarding: `${shop}/onboarding`,
    vendorDocuments: `${shop}/onboarding/documents`,
    vendorHome: `${shop}/dashboard/vendor`,
    ownProducts: `${shop}/dashboard/vendor/products`,
    ownProduct: (id: string) => `${shop}/dashboard/vendor/products/${id}`,
    product: (slug: string) => `${shop}/products/${slug}`,
    verify: withToken('/verify'),
    resetPassword: withToken('/reset-password'),
    notMe: withToken('/not-me'),
    undoContact: withToken('/contact-undo'),
    staffInvite: (token: string) => `${config.publicUrl}/admin/enrol?token=${token}`,
  };
}
