import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import type { Config } from '../../../foundation/config/config.ts';

export type Address = { address: string; family: 4 | 6 };
type Rules = Pick<Config, 'webhooksToLoopback'>;

/** IPv4 networks that are nobody's public server: private, shared, loopback, link-local, documentation, multicast, reserved. */
const notPublic4 = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  notPublic4.addSubnet(network, bits, 'ipv4');

/** IPv6 is the other way round: only global unicast is taken, without the parts of it that carry IPv4 or serve as examples. */
const global6 = new BlockList();
global6.addSubnet('2000::', 3, 'ipv6');
const notPublic6 = new BlockList();
for (const [network, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  notPublic6.addSubnet(network, bits, 'ipv6');

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Whether a call may go to this address. */
export function isReachable({ address, family }: Address, { webhooksToLoopback }: Rules): boolean {
  const kind = family === 4 ? 'ipv4' : 'ipv6';
  if (webhooksToLoopback && loopback.check(address, kind)) return true;
  return family === 4 ? !notPublic4.check(address, kind) : global6.check(address, kind) && !notPublic6.check(address, kind);
}

/**
 * The address of a receiver as it is stored, or null for one that is not taken: https, a public host, no credentials, no fragment.
 * What its name leads to is looked at again before each call.
 */
export function receiverUrl(text: string, rules: Rules): string | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.username !== '' || url.password !== '' || url.hash !== '' || url.href.length > 500) return null;
  const host = hostOf(url);
  const family = isIP(host);
  const isLoopback = host === 'localhost' || (family !== 0 && loopback.check(host, family === 4 ? 'ipv4' : 'ipv6'));
  if (isLoopback) return rules.webhooksToLoopback && /^https?:$/.test(url.protocol) ? url.href : null;
  if (url.protocol !== 'https:') return null;
  if (family !== 0) return isReachable({ address: host, family: family === 4 ? 4 : 6 }, rules) ? url.href : null;
  return isPublicName(host) ? url.href : null;
}

function isPublicName(host: string): boolean {
  const name = host.replace(/\.$/, '');
  return name.includes('.') && !/\.(?:local|localhost|internal|intranet|lan|home|corp)$/.test(name);
}

/** Without the brackets that an IPv6 address has in a URL. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
}

export type Resolved = { address: Address } | { errorCode: 'name_not_found' | 'address_refused' };

/**
 * Where a call goes: the first address of the name, if every address of it may be called. The caller connects to this very address:
 * a name that answers differently a moment later leads nowhere else.
 */
export async function resolveReceiver(host: string, rules: Rules): Promise<Resolved> {
  const family = isIP(host);
  const found = family === 0 ? await addressesOf(host) : [{ address: host, family: family === 4 ? 4 : 6 } as const];
  const [first] = found;
  if (!first) return { errorCode: 'name_not_found' };
  return found.every((each) => isReachable(each, rules)) ? { address: first } : { errorCode: 'address_refused' };
}

async function addressesOf(host: string): Promise<Address[]> {
  const found = await lookup(host, { all: true, verbatim: true }).catch(() => []);
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
}
