import { describe, expect, it } from 'vitest';
import { postWebhook } from '../../../../src/modules/notifications/webhooks/post-webhook.ts';
import { isReachable, receiverUrl, resolveReceiver } from '../../../../src/modules/notifications/webhooks/receiver-address.ts';
import { startReceiver } from './receiver.ts';

const strict = { webhooksToLoopback: false };
const onThisMachine = { webhooksToLoopback: true };

const notPublic = [
  ...[
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.9.9.9',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.8',
    '192.0.2.1',
  ],
  ...['192.88.99.1', '192.168.1.1', '198.18.0.1', '198.51.100.7', '203.0.113.9', '224.0.0.1', '255.255.255.255'],
  ...[
    '::',
    '::1',
    '::ffff:10.0.0.1',
    '::ffff:8.8.8.8',
    'fe80::1',
    'fc00::1',
    'fd12::1',
    'ff02::1',
    '64:ff9b::a00:1',
    '2001:db8::1',
    '2002:a00:1::',
    '2001::1',
  ],
];

describe('addresses of receivers', () => {
  it.each(notPublic)('%s is never called', (address) => {
    expect(isReachable({ address, family: address.includes(':') ? 6 : 4 }, strict)).toBe(false);
  });

  it.each(['8.8.8.8', '102.89.23.17', '172.32.0.1', '2a00:1450:4009::200e', '2606:4700::1111'])('%s may be called', (address) => {
    expect(isReachable({ address, family: address.includes(':') ? 6 : 4 }, strict)).toBe(true);
  });

  it('loopback is called only where the setting says so', () => {
    expect(isReachable({ address: '127.0.0.1', family: 4 }, onThisMachine)).toBe(true);
    expect(isReachable({ address: '::1', family: 6 }, onThisMachine)).toBe(true);
    expect(isReachable({ address: '10.0.0.1', family: 4 }, onThisMachine)).toBe(false);
  });

  it.each([
    'http://hooks.shop.com/in',
    'ftp://hooks.shop.com/in',
    'https://user:secret@hooks.shop.com/in',
    'https://hooks.shop.com/in#part',
    'https://127.0.0.1/in',
    'http://127.0.0.1:8080/in',
    'https://localhost/in',
    'https://[::1]/in',
    'https://[::ffff:169.254.169.254]/in',
    'https://169.254.169.254/latest/meta-data',
    'https://2130706433/in',
    'https://0x7f.1/in',
    'https://intranet/in',
    'https://db.internal/in',
    'https://printer.local./in',
    `https://hooks.shop.com/${'x'.repeat(500)}`,
    'not an address',
    'javascript:alert(1)',
  ])('%s is not taken', (text) => {
    expect(receiverUrl(text, strict)).toBeNull();
  });

  it('a public https address is taken as it is normalised', () => {
    expect(receiverUrl('https://Hooks.Shop.com', strict)).toBe('https://hooks.shop.com/');
    expect(receiverUrl('https://8.8.8.8:8443/in?a=1', strict)).toBe('https://8.8.8.8:8443/in?a=1');
    expect(receiverUrl('http://127.0.0.1:9/in', onThisMachine)).toBe('http://127.0.0.1:9/in');
    expect(receiverUrl('ws://127.0.0.1:9/in', onThisMachine)).toBeNull();
  });

  it('a name is followed to its addresses, and refused when one of them is not public', async () => {
    expect(await resolveReceiver('localhost', strict)).toEqual({ errorCode: 'address_refused' });
    expect(await resolveReceiver('nowhere.invalid', strict)).toEqual({ errorCode: 'name_not_found' });
    expect(await resolveReceiver('8.8.4.4', strict)).toEqual({ address: { address: '8.8.4.4', family: 4 } });
    expect(await resolveReceiver('localhost', onThisMachine)).toMatchObject({
      address: { address: expect.stringMatching(/^(127\.|::1)/) },
    });
  });
});

describe('one call', () => {
  const post = (url: string, signal = new AbortController().signal) => ({ url, headers: { 'x-a': 'b' }, body: '{}', signal });

  it('tells how it ended: taken, refused, redirected and not followed, nobody there, not public', async () => {
    const receiver = await startReceiver();
    try {
      expect(await postWebhook(onThisMachine, post(receiver.url))).toMatchObject({ httpStatus: 204, errorCode: null });
      receiver.answer = { status: 500 };
      expect(await postWebhook(onThisMachine, post(receiver.url))).toMatchObject({ httpStatus: 500, errorCode: 'refused' });
      receiver.answer = { status: 307, headers: { location: 'http://127.0.0.1:1/' } };
      expect(await postWebhook(onThisMachine, post(receiver.url))).toMatchObject({ httpStatus: 307, errorCode: 'redirect' });
      expect(receiver.calls).toHaveLength(3);
      expect(await postWebhook(strict, post(receiver.url))).toMatchObject({ httpStatus: null, errorCode: 'address_refused' });
      expect(receiver.calls).toHaveLength(3);
    } finally {
      await receiver.close();
    }
    expect(await postWebhook(onThisMachine, post(receiver.url))).toMatchObject({ httpStatus: null, errorCode: 'connection_refused' });
    expect(await postWebhook(onThisMachine, post(receiver.url.replace('http:', 'https:')))).toMatchObject({
      errorCode: 'connection_refused',
    });
  });

  it('does not trust a receiver whose TLS is none, and lets go when the worker stops', async () => {
    const receiver = await startReceiver();
    try {
      const outcome = await postWebhook(onThisMachine, post(receiver.url.replace('http:', 'https:')));
      expect(outcome).toMatchObject({ httpStatus: null, errorCode: expect.stringMatching(/^(tls_failed|connection_failed)$/) });
      receiver.answer = { status: 200, isSilent: true };
      const stop = new AbortController();
      const waiting = postWebhook(onThisMachine, post(receiver.url, stop.signal));
      while (receiver.open() === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      stop.abort();
      expect(await waiting).toMatchObject({ httpStatus: null, errorCode: 'interrupted' });
    } finally {
      await receiver.close();
    }
  });
});
