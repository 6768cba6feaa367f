import type { PartialTexts } from '../texts.ts';

/** Igbo; whatever is not here is shown in English. */
export const ig: PartialTexts = {
  errors: {
    invalid_credentials: { title: 'Ezighị ezi', detail: 'Ihe ndị i tinyere ezighị ezi. Lelee ha ma nwaa ọzọ.' },
    otp_invalid: { title: 'Koodu ezighị ezi', detail: 'Koodu ahụ ezighị ezi. Lelee ya ma nwaa ọzọ.' },
    otp_expired: { title: 'Oge koodu agwụla', detail: 'Oge koodu a agwụla. Rịọ nke ọhụrụ.' },
    rate_limited: { title: 'Ọnwụnwa karịrị', detail: 'Ị nwaala ọtụtụ ugboro.[ Chere sekọnd {retryAfter}, wee nwaa ọzọ.]' },
    internal_error: { title: 'Nsogbu dapụtara', detail: 'Nsogbu dapụtara n’aka anyị. Biko nwaa ọzọ.' },
  },
  messages: {
    'message.signed_in': 'Ị banyela.',
  },
};
