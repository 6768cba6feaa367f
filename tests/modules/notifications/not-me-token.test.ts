import { describe, expect, it } from 'vitest';
import { createKeyring } from '../../../src/foundation/crypto/keyring.ts';
import { newId } from '../../../src/foundation/runtime/new-id.ts';
import { notMeLifeSeconds, notMeToken, readNotMeToken } from '../../../src/modules/identity/not-me-token.ts';

const key = (fill: number) => Buffer.alloc(32, fill);
const keyringWith = (fill: number) =>
  createKeyring({
    piiKeks: [{ kid: 'k1', key: key(1) }],
    blindIndexKey: key(2),
    tokenHmacKey: key(fill),
    deviceTokenKey: key(4),
    cookieSealKey: key(5),
  });
const keyring = keyringWith(3);
const issuedAtSeconds = 1_780_000_000;
const nowAfter = (seconds: number) => new Date((issuedAtSeconds + seconds) * 1000);

describe('the token of a "this was not me" link', () => {
  it('reads back whom and which session it is about, and is the same when the message is sent again', () => {
    const subject = { userId: newId(), sessionId: newId(), issuedAtSeconds };
    const token = notMeToken(keyring, subject);
    expect(notMeToken(keyring, subject)).toBe(token);
    expect(readNotMeToken(keyring, token, nowAfter(60))).toEqual(subject);
  });

  it('may be about an account and no session', () => {
    const token = notMeToken(keyring, { userId: newId(), sessionId: null, issuedAtSeconds });
    expect(readNotMeToken(keyring, token, nowAfter(0))?.sessionId).toBeNull();
  });

  it('ends after seven days', () => {
    const token = notMeToken(keyring, { userId: newId(), sessionId: null, issuedAtSeconds });
    expect(readNotMeToken(keyring, token, nowAfter(notMeLifeSeconds))).not.toBeNull();
    expect(readNotMeToken(keyring, token, nowAfter(notMeLifeSeconds + 1))).toBeNull();
  });

  it('is refused when altered, cut, padded or made with another key', () => {
    const token = notMeToken(keyring, { userId: newId(), sessionId: newId(), issuedAtSeconds });
    const altered = `${token[0] === 'A' ? 'B' : 'A'}${token.slice(1)}`;
    for (const bad of [altered, token.slice(1), `${token}=`, `${token}A`, '', 'x'.repeat(10_000)]) {
      expect(readNotMeToken(keyring, bad, nowAfter(0))).toBeNull();
    }
    expect(readNotMeToken(keyringWith(9), token, nowAfter(0))).toBeNull();
  });
});
