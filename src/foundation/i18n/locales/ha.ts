import type { PartialTexts } from '../texts.ts';

/** Hausa; whatever is not here is shown in English. */
export const ha: PartialTexts = {
  errors: {
    invalid_credentials: { title: 'Ba daidai ba', detail: 'Bayanan da ka shigar ba daidai ba ne. Duba su ka sake gwadawa.' },
    otp_invalid: { title: 'Lambar ba daidai ba ce', detail: 'Lambar ba daidai ba ce. Duba ta ka sake gwadawa.' },
    otp_expired: { title: 'Lokacin lambar ya wuce', detail: 'Lokacin wannan lambar ya wuce. Nemi sabuwa.' },
    rate_limited: { title: 'Gwaji ya yi yawa', detail: 'Ka gwada sau da yawa.[ Jira daƙiƙa {retryAfter}, sannan ka sake gwadawa.]' },
    internal_error: { title: 'An sami matsala', detail: 'An sami matsala a wajenmu. Da fatan za a sake gwadawa.' },
  },
  messages: {
    'message.signed_in': 'Ka shiga.',
  },
};
