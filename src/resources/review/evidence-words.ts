/** `registered_business` as "Registered business". */
export function sentence(value: string): string {
  const words = value.replaceAll(/[_-]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const days = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' });

/** 22 Nov 2026, in UTC. */
export function dayText(at: Date | string): string {
  return days.format(new Date(at));
}

const countries = new Intl.DisplayNames(['en'], { type: 'region' });

/** `NG` as "Nigeria". */
export function countryText(code: string): string {
  return countries.of(code) ?? code;
}

/** "210 KB", "1.4 MB" */
export function sizeText(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** Where the back office shows a picture that was handed in for the shop; `/small` or `/whole` follows. */
export function adminImage(fileId: string): string {
  return `/admin/pictures/${fileId}`;
}
