import { describe, expect, it } from 'vitest';
import { createClientAddress, limitKeyOf } from '../../src/api/client-address.ts';

describe('whose address a request comes from', () => {
  it('is the socket peer when no proxy is trusted, whatever the header says', () => {
    const addressOf = createClientAddress([]);
    expect(addressOf('203.0.113.9', '198.51.100.7')).toBe('203.0.113.9');
  });

  it('is the socket peer when the peer is not one of our proxies', () => {
    const addressOf = createClientAddress(['10.0.0.0/8']);
    expect(addressOf('203.0.113.9', '198.51.100.7')).toBe('203.0.113.9');
  });

  it('is the rightmost address that is not ours when the peer is ours', () => {
    const addressOf = createClientAddress(['10.0.0.0/8', '2001:db8:aa::/48', '192.0.2.1']);
    expect(addressOf('10.1.2.3', '1.1.1.1, 198.51.100.7, 10.9.9.9, 192.0.2.1')).toBe('198.51.100.7');
    expect(addressOf('::ffff:10.1.2.3', '198.51.100.7')).toBe('198.51.100.7');
    expect(addressOf('2001:db8:aa::1', '2001:db8:bb::7')).toBe('2001:db8:bb::7');
  });

  it('believes nothing to the left of a hop that is no address', () => {
    const addressOf = createClientAddress(['10.0.0.0/8']);
    expect(addressOf('10.1.2.3', '198.51.100.7, unknown')).toBe('10.1.2.3');
    expect(addressOf('10.1.2.3', '')).toBe('10.1.2.3');
  });

  it('is the peer when every hop is ours, and says so when there is none', () => {
    const addressOf = createClientAddress(['10.0.0.0/8']);
    expect(addressOf('10.1.2.3', '10.4.4.4')).toBe('10.1.2.3');
    expect(addressOf('10.1.2.3', undefined)).toBe('10.1.2.3');
    expect(addressOf(undefined, '198.51.100.7')).toBe('unknown');
    expect(createClientAddress([])(undefined, undefined)).toBe('unknown');
  });

  it('refuses a proxy list that is not one', () => {
    expect(() => createClientAddress(['proxy.internal'])).toThrow('TRUST_PROXY');
  });
});

describe('what limits count', () => {
  it.each([
    ['198.51.100.7', '198.51.100.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::9', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
    ['1:2:3::5:6:192.0.2.1', '1:2:3:0::/64'],
    ['2001:db8:1:2:3:4:192.0.2.1', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::', '2001:db8:1:2::/64'],
  ])('%s counts as %s', (address, key) => {
    expect(limitKeyOf(address)).toBe(key);
  });
});
