import Bowser from 'bowser';

/** "Chrome on Linux", for people to recognise their own sessions by; decides nothing. */
export function deviceName(userAgent: string | null): string {
  if (!userAgent) return 'Unknown browser';
  const { browser, os } = Bowser.parse(userAgent.slice(0, 400));
  return [browser.name, os.name].filter(Boolean).join(' on ').slice(0, 80) || 'Unknown browser';
}
