/** Words and tones of an account's states, the same in the list, on the page and in the status strip. */
export const userStatusStates = {
  active: { label: 'Active', tone: 'ok' },
  suspended: { label: 'Suspended', tone: 'danger' },
  closed: { label: 'Closed', tone: 'neutral' },
  erased: { label: 'Erased', tone: 'neutral' },
} as const;

export const authMethodStates = {
  email: { label: 'Email', tone: 'neutral' },
  phone: { label: 'Phone', tone: 'neutral' },
  google: { label: 'Google', tone: 'neutral' },
} as const;
