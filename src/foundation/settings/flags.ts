/** Parts of the product that are switched while it runs. Each is off or on for everybody; what has no row is as `isOnAtFirst` says. */
export const flags = {
  break_glass: {
    label: 'Break-glass access',
    description: 'A super admin may take further rights for 60 minutes in an emergency. Each use is shown on every page and reviewed.',
    isOnAtFirst: false,
  },
} as const satisfies Record<string, { label: string; description: string; isOnAtFirst: boolean }>;

export type FlagName = keyof typeof flags;

export const flagNames = Object.keys(flags).filter(isFlagName);

export function isFlagName(text: string): text is FlagName {
  return Object.hasOwn(flags, text);
}
