import Bowser from 'bowser';

/** How a device is shown in lists and notices; nothing of it decides anything. */
export type DeviceLabel = { name: string; browser: string | null; os: string | null };

const unknownDevice: DeviceLabel = { name: 'Unknown device', browser: null, os: null };

/** Reads a User-Agent with an offline table. Never throws; the header is the caller's own words. */
export function deviceLabelOf(userAgent: string | null): DeviceLabel {
  if (!userAgent) return unknownDevice;
  const parsed = Bowser.parse(userAgent.slice(0, 512));
  const browser = parsed.browser.name?.slice(0, 40) || null;
  const os = parsed.os.name?.slice(0, 40) || null;
  const name = [browser, os].filter(Boolean).join(' on ');
  return name ? { name: name.slice(0, 80), browser, os } : unknownDevice;
}
