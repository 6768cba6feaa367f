import { describe, expect, it } from 'vitest';
import { givesUpAfterSeconds, waitAfter, waitSeconds } from '../../../../src/modules/notifications/webhooks/backoff.ts';
import { newWebhookSecret, signatureHeader } from '../../../../src/modules/notifications/webhooks/signature.ts';

describe('signatures', () => {
  it('are those of the Standard Webhooks test vector', () => {
    const message = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1_614_265_330, body: '{"test": 2432232314}' };
    expect(signatureHeader(message, ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'])).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  it('are one for each secret, with a space between', () => {
    const message = { id: 'a', timestamp: 1, body: '{}' };
    const [one, two] = [newWebhookSecret(), newWebhookSecret()];
    expect(signatureHeader(message, [one, two])).toBe(`${signatureHeader(message, [one])} ${signatureHeader(message, [two])}`);
  });

  it('use secrets of 256 bit that are never the same', () => {
    const secrets = Array.from({ length: 20 }, newWebhookSecret);
    expect(new Set(secrets).size).toBe(20);
    for (const secret of secrets) expect(Buffer.from(secret.replace(/^whsec_/, ''), 'base64')).toHaveLength(32);
  });
});

describe('waits', () => {
  it('grow, end after nearly a day, and are spread by a tenth', () => {
    expect([...waitSeconds].sort((left, right) => left - right)).toEqual(waitSeconds);
    const total = waitSeconds.reduce((sum, wait) => sum + wait, 0);
    expect(total).toBeGreaterThan(23 * 3600);
    expect(total).toBeLessThan(givesUpAfterSeconds);
    expect([waitAfter(1, 0), waitAfter(1, 1), waitAfter(3, 0.5)]).toEqual([5, 6, 120]);
    expect(waitAfter(waitSeconds.length + 1, 0.5)).toBeNull();
  });
});
