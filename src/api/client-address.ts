import { BlockList, isIP } from 'node:net';

/** Decides whose address a request comes from. `Forwarded`, `X-Real-IP` and `Host` are never looked at. */
export type ClientAddress = (peer: string | undefined, forwardedFor: string | undefined) => string;

/**
 * Auth-api.md section 1.5 rule 2: the rightmost address of X-Forwarded-For that is not one of our proxies, and only when
 * the socket peer is one; otherwise the socket peer.
 * @param trustProxy CIDR blocks or single addresses; throws a TypeError when one is malformed
 */
export function createClientAddress(trustProxy: readonly string[]): ClientAddress {
  if (trustProxy.length === 0) return (peer) => plainAddress(peer ?? '') ?? 'unknown';
  const proxies = blockListOf(trustProxy);
  const isProxy = (address: string) => proxies.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  return (peer, forwardedFor) => {
    const socket = plainAddress(peer ?? '');
    if (!socket) return 'unknown';
    if (forwardedFor === undefined || !isProxy(socket)) return socket;
    const hops = forwardedFor.split(',').reverse();
    for (const hop of hops) {
      const address = plainAddress(hop.trim());
      // A malformed hop was not written by a proxy of ours: nothing to its left can be believed.
      if (!address) return socket;
      if (!isProxy(address)) return address;
    }
    return socket;
  };
}

function blockListOf(blocks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const block of blocks) {
    const [address = '', prefix] = block.split('/');
    const family = isIP(address);
    if (family === 0) throw new TypeError(`TRUST_PROXY: ${block} is not an address or CIDR block`);
    const type = family === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, type);
    else list.addSubnet(address, Number(prefix), type);
  }
  return list;
}

const mappedIpv4 = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i;

/** The address without zone and without the IPv4-in-IPv6 wrapper; null when it is none. */
export function plainAddress(text: string): string | null {
  const [bare = ''] = text.split('%', 1);
  const address = mappedIpv4.exec(bare)?.[1] ?? bare;
  return isIP(address) === 0 ? null : address;
}

/** What limits count: the IPv4 address, or the IPv6 /64, which one household or host owns whole. */
export function limitKeyOf(address: string): string {
  return isIP(address) === 6 ? `${firstFourGroups(address)}::/64` : address;
}

function firstFourGroups(address: string): string {
  const [head = '', tail] = address.toLowerCase().split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length - (address.includes('.') ? 1 : 0));
  const groups = [...left, ...Array.from({ length: missing }, () => '0'), ...right];
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
