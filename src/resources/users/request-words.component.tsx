import { sentenceCase } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';

const kinds: Readonly<Record<string, string>> = {
  mfa_reset: t('MFA reset'),
  contact_change: t('contact change'),
  erasure: t('erasure'),
  bank_change: t('bank change'),
  staff_grant: t('grant'),
  passkey_removal: t('removal of a passkey'),
  export: t('A copy of their data'),
  erase: t('Erase everything'),
  restrict: t('Restrict processing'),
  object: t('Object to processing'),
  rectify: t('Correct their data'),
};

/** What a two-person or privacy request is about. */
export function requestWords(kind: string): string {
  return (Object.hasOwn(kinds, kind) ? kinds[kind] : undefined) ?? sentenceCase(kind);
}
