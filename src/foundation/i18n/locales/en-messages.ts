/** The `message` member of successful API answers (auth-api.md section 1.1): for people, not a contract. */
export const enMessages = {
  'message.code_sent': 'If the details are right, a code is on its way. It can take a minute to arrive.',
  'message.registered': 'Welcome. Your account is ready and you are signed in.',
  'message.signed_in': 'You are signed in.',
  'message.mfa_required': 'One more step: confirm with your second factor.',
  'message.link_required': 'This email has an account already. Confirm that it is yours to link it.',
  'message.refreshed': 'Your session goes on.',
  'message.reset_verified': 'The code is right. Choose a new password now.',
  'message.not_me_done': 'Thank you. The session has ended, the password is switched off until you reset it, and our team has a case.',
  'message.contact_change_undone': 'Your old contact is back and every session has ended. Our team has a case.',
  'message.contact_change_requested': 'Your request is with our team. You will hear from us within 48 hours.',
  'message.contact_change_executed': 'Your contact has changed. Please sign in again.',
  'message.reauthenticated': 'Thank you, it is you.',
  'message.sessions_ended': 'All other sessions have ended.',
  'message.totp_enabled': 'Your authenticator is on. Keep the recovery codes in a safe place: they are shown once.',
  'message.recovery_codes_made': 'Here are your new recovery codes. The old ones no longer work. They are shown once.',
  'message.passkey_removed': 'The passkey is removed.',
  'message.export_requested': 'We are putting your data together. You will hear from us when it is ready.',
  'message.erase_scheduled': 'Your account will be erased after the date shown, once our team has checked. Until then you can cancel.',
  'message.bank_account_requested': 'The account is with our finance team for confirmation.',
  'message.product_edit_waits': 'Part of your change waits for our team. Until then customers see the product as it is.',
} as const;

export type ApiMessage = keyof typeof enMessages;
