import type { PrivacyKind } from '../variables.ts';

/** "your request ...": what was asked, as the person would say it. */
export const privacyAsk: Readonly<Record<PrivacyKind, string>> = {
  export: 'for a copy of your data',
  erase: 'to erase your account',
  restrict: 'to restrict what we do with your data',
  object: 'to stop using your data for some purposes',
  rectify: 'to correct what we hold about you',
};
