import type { PartialTexts } from '../texts.ts';

/** Yorùbá; whatever is not here is shown in English. */
export const yo: PartialTexts = {
  errors: {
    invalid_credentials: { title: 'Kò tọ̀nà', detail: 'Àwọn àlàyé tí o kọ kò tọ̀nà. Ṣàyẹ̀wò wọn kí o sì tún gbìyànjú.' },
    otp_invalid: { title: 'Kóòdù kò tọ̀nà', detail: 'Kóòdù náà kò tọ̀nà. Ṣàyẹ̀wò rẹ̀ kí o sì tún gbìyànjú.' },
    otp_expired: { title: 'Kóòdù ti parí', detail: 'Àkókò kóòdù yìí ti parí. Béèrè fún òmíràn.' },
    rate_limited: { title: 'Ìgbìyànjú pọ̀ jù', detail: 'Ìgbìyànjú rẹ ti pọ̀ jù.[ Dúró fún ìṣẹ́jú-àáyá {retryAfter}, kí o tó tún gbìyànjú.]' },
    internal_error: { title: 'Àṣìṣe kan ṣẹlẹ̀', detail: 'Àṣìṣe kan ṣẹlẹ̀ lọ́dọ̀ wa. Jọ̀wọ́ tún gbìyànjú.' },
  },
  messages: {
    'message.signed_in': 'O ti wọlé.',
  },
};
