/** How much of a client address is kept: all of it, its network (/24 or /48), or nothing (audit.md section 6). */
export type IpMode = 'full' | 'truncated' | 'off';

/** Address as the policy allows: whole, cut to /24 or /48, or not at all. What is cut already stays as it is. */
export function shownIp(ip: string | null, mode: IpMode): string | null {
  if (!ip || mode === 'off') return null;
  if (mode === 'full') return ip;
  const mapped = ip.startsWith('::ffff:') ? ip.slice(7) : ip;
  if (mapped.includes('.')) return `${mapped.split('.').slice(0, 3).join('.')}.0/24`;
  const [head = ''] = mapped.split('::');
  const groups = head.split(':').filter(Boolean).slice(0, 3);
  return `${groups.join(':')}::/48`;
}
