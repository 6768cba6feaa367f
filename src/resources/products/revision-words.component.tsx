import type { Tone } from '../../admin/components/admin-types.component.tsx';
import { t } from '../../admin/components/text.component.tsx';

/** A state of a proposal in words, the same as in the list. */
export function statusWords(status: string): string {
  switch (status) {
    case 'draft':
      return t('Draft');
    case 'proposed':
      return t('Waiting');
    case 'accepted':
      return t('Accepted');
    case 'partly_accepted':
      return t('Partly accepted');
    case 'rejected':
      return t('Declined');
    case 'withdrawn':
      return t('Withdrawn');
    default:
      return t('Overtaken');
  }
}

export function statusTone(status: string): Tone {
  if (status === 'proposed') return 'info';
  if (status === 'accepted' || status === 'partly_accepted') return 'ok';
  return status === 'rejected' ? 'danger' : 'neutral';
}

/** A check in words. */
export function checkWords(rule: string): string {
  switch (rule) {
    case 'length':
      return t('Length');
    case 'banned_words':
      return t('Words that no listing may carry');
    case 'price':
      return t('Price untouched');
    case 'readability':
      return t('Easy to read');
    case 'language':
      return t('Language');
    default:
      return rule;
  }
}
