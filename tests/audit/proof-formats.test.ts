import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anchorName, anchorText, parseAnchor, sizeOfAnchorName } from '../../src/audit/proof/anchor-text.ts';
import { byCodePoint, canonicalJson } from '../../src/audit/proof/canonical-json.ts';
import {
  checkpointText,
  keyIdOf,
  parseCheckpoint,
  publicKeyOf,
  signCheckpoint,
  verifyCheckpoint,
} from '../../src/audit/proof/checkpoint.ts';
import { commitSnapshot, commitValue } from '../../src/audit/proof/commitment.ts';
import { actionLeaf, controlLeaf, eventLeaf, leafHash, leafHashOfText, leafText } from '../../src/audit/proof/leaf.ts';
import { emptyRoot, Frontier, nodeHash, oneBits, rootOf, splitOf } from '../../src/audit/proof/merkle.ts';
import {
  consistencyProof,
  consistencyRanges,
  inclusionProof,
  inclusionRanges,
  verifyConsistency,
  verifyInclusion,
} from '../../src/audit/proof/merkle-proof.ts';
import {
  addPinnedKey,
  endPinnedKey,
  type PinnedKey,
  parsePinnedKeys,
  pinnedKeyAt,
  writePinnedKeys,
} from '../../src/audit/proof/pinned-keys.ts';

const numbered = (count: number) => Array.from({ length: count }, (_, n) => leafHashOfText(canonicalJson({ n })));
const salt = Buffer.from(Array.from({ length: 16 }, (_, n) => n));
const id = (last: number) => `01940000-0000-7000-8000-00000000000${last}`;
const commitment = '07b94e34e9228f4519ea60789ddb808320578ec05e411ed67cff4b21782a0a44';

/** RFC 8032 section 7.1, test 1. */
const rfcKey = {
  kty: 'OKP',
  crv: 'Ed25519',
  d: Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex').toString('base64url'),
  x: Buffer.from('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a', 'hex').toString('base64url'),
} as const;
const rfcPinned: PinnedKey = {
  keyId: '21fe31dfa154a261',
  publicKey: Buffer.from(rfcKey.x, 'base64url').toString('base64'),
  from: '2026-01-01T00:00:00Z',
};
const known = {
  origin: 'example.com/audit',
  epoch: 1,
  size: 5,
  root: Buffer.from('87d50c5ea4b4e9c66a6350dc9cf80c85641a6dc2d4e86fbeeedca752fa4cdb4c', 'hex'),
  watermark: '743',
  at: '2026-01-02T03:04:06.000000Z',
};
const knownSignature = 'bqcbp/3x4NtyLlzF62+UtSUi0Suh8QAro2WXvVcB7efdcf/HtOTZeGjhlVWUcwU7um6XXuHi8hHeROVwlJJLAA==';

describe('known answers of audit.md section 7', () => {
  test.each([
    [0, 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    [1, 'f94070abfd2da0bf72902eb13a808e794f954d9e2745c682a158f6ed0d4ac036'],
    [2, '3badc80537f029e1bb77280dc85203cf2ed9748dc8f571230fcba5c326c91068'],
    [3, '2cfef7627597e00b564975774ad728ef210706759fca6d64138c6dfc1cbf2cda'],
    [5, '87d50c5ea4b4e9c66a6350dc9cf80c85641a6dc2d4e86fbeeedca752fa4cdb4c'],
  ])('the root of %i leaves', (count, root) => {
    expect(rootOf(numbered(count)).toString('hex')).toBe(root);
    expect(emptyRoot.equals(rootOf([]))).toBe(true);
  });

  test('the commitment to a value', () => {
    expect(commitValue(salt, '{"name":["Ada","Ada O."]}').toString('hex')).toBe(commitment);
  });

  test('the leaf of an event', () => {
    const leaf = eventLeaf({
      ...{
        id: id(1),
        at: '2026-01-02T03:04:05.000006Z',
        txid: '742',
        epoch: 1,
        action: id(2),
        actor: id(3),
        actorType: 'staff',
        db: 'app_web',
      },
      ...{ op: 2, tbl: 'identity.user', rec: id(4), subject: id(4), changed: ['name'], value: commitment, snap: null },
    });
    expect(leafHash(leaf).toString('hex')).toBe('49d01cf6bacf1ba9c93ed8f4bd533c6e9241d376908089006615de88c67c28c2');
  });

  test('the key id and the signature of a checkpoint', () => {
    expect(publicKeyOf(rfcKey).toString('base64url')).toBe(rfcKey.x);
    expect(keyIdOf(publicKeyOf(rfcKey))).toBe('21fe31dfa154a261');
    const text = checkpointText(known, '21fe31dfa154a261');
    expect(signCheckpoint(text, rfcKey)).toBe(knownSignature);
    expect(verifyCheckpoint(text, knownSignature, [rfcPinned])).toBe('valid');
  });
});

describe('canonical JSON', () => {
  test('the text is that of RFC 8785 section 3.2.3 for strings', () => {
    const sent = {
      '€': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew',
      '1': 'One',
      '😀': 'Emoji',
      '\u0080': 'Control',
      ö: 'Umlaut',
    };
    expect(canonicalJson(sent)).toBe(
      '{"\\r":"Carriage Return","1":"One","\u0080":"Control","ö":"Umlaut","€":"Euro Sign","😀":"Emoji","\ufb33":"Hebrew"}',
    );
    expect(canonicalJson(['\u000f\n\b"\\/', null, true, -0])).toBe('["\\u000f\\n\\b\\"\\\\/",null,true,0]');
  });

  test('any order of names gives one text, which reads back as the same value', () => {
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { depthSize: 'small' },
        fc.string({ unit: 'grapheme' }),
        fc.maxSafeInteger(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('any'), { maxLength: 4 }),
        fc.dictionary(fc.string(), tie('any'), { maxKeys: 4, noNullPrototype: true }),
      ),
    })).any;
    fc.assert(
      fc.property(fc.dictionary(fc.string(), value, { noNullPrototype: true }), (sent) => {
        const turned = Object.fromEntries(Object.entries(sent).reverse());
        expect(canonicalJson(turned)).toBe(canonicalJson(sent));
        expect(canonicalJson(JSON.parse(canonicalJson(sent)))).toBe(canonicalJson(sent));
      }),
    );
  });

  test.each([[1.5], [2 ** 53], [Number.NaN], [undefined], [{ a: undefined }], [1n], [new Date(0)], ['\ud800'], [{ '\udc00': 1 }]])(
    'what two readers could write differently is refused: %s',
    (sent) => {
      expect(() => canonicalJson(sent)).toThrow(TypeError);
    },
  );

  test('code point order is that of COLLATE "C", not that of UTF-16', () => {
    expect(['😀', '\uff5e', 'b', 'a'].sort(byCodePoint)).toEqual(['a', 'b', '\uff5e', '😀']);
  });
});

describe('commitments and leaves', () => {
  test('a snapshot and a value of the same bytes differ, and so do two salts', () => {
    const other = Buffer.alloc(16, 7);
    const made = [commitValue(salt, '{}'), commitSnapshot(salt, '{}'), commitValue(other, '{}')].map((bytes) => bytes.toString('hex'));
    expect(new Set(made).size).toBe(3);
    expect(() => commitValue(Buffer.alloc(15), '{}')).toThrow('16 bytes');
  });

  const maybe = <T>(what: fc.Arbitrary<T>) => fc.option(what, { nil: null });
  const text = fc.string({ unit: 'grapheme' });
  const names = fc.uniqueArray(text, { maxLength: 4 });
  const head = {
    id: fc.uuid(),
    at: fc.constant('2026-01-02T03:04:05.000006Z'),
    txid: fc.bigInt({ min: 0n, max: 2n ** 63n }).map(String),
    epoch: fc.nat(),
  };
  const who = { actor: maybe(fc.uuid()), actorType: text };
  const event = fc.record({
    ...{ ...head, ...who, action: maybe(fc.uuid()), db: text, op: fc.nat(5), tbl: text, rec: text },
    ...{ subject: maybe(fc.uuid()), changed: names, value: maybe(text), snap: maybe(text) },
  });
  const action = fc.record({
    ...{
      ...head,
      ...who,
      req: fc.uuid(),
      door: text,
      res: text,
      act: text,
      out: text,
      err: maybe(text),
      recs: names,
      n: fc.nat(),
      ms: fc.nat(),
    },
    ...{
      roles: names,
      sess: maybe(text),
      mfa: fc.boolean(),
      reverts: maybe(fc.uuid()),
      ticket: maybe(fc.uuid()),
      approval: maybe(fc.uuid()),
      value: text,
    },
  });
  const control = fc.record({ ...head, type: text, body: text });

  test('the text of a leaf is the canonical JSON of the leaf object, all members present', () => {
    fc.assert(
      fc.property(event, action, control, (an, ac, co) => {
        for (const leaf of [eventLeaf(an), actionLeaf(ac), controlLeaf(co)]) expect(leafText(leaf)).toBe(canonicalJson(leaf));
        expect(Object.keys(eventLeaf(an))).toHaveLength(17);
        expect(Object.keys(actionLeaf(ac))).toHaveLength(24);
        expect(Object.keys(controlLeaf(co))).toHaveLength(8);
      }),
    );
  });

  test('names are sorted by code point, record ids keep their order, and a column more changes nothing', () => {
    fc.assert(
      fc.property(event, action, (an, ac) => {
        const turned = { ...an, changed: [...an.changed].reverse(), is_sealed: true };
        expect(eventLeaf(turned).changed).toEqual([...an.changed].sort(byCodePoint));
        expect(leafHash(eventLeaf(turned)).equals(leafHash(eventLeaf(an)))).toBe(true);
        expect(actionLeaf(ac).recs).toEqual(ac.recs);
        expect(actionLeaf({ ...ac, roles: ['b', 'a'] }).roles).toEqual(['a', 'b']);
      }),
    );
  });
});

describe('the tree', () => {
  /** MTH of RFC 9162 section 2.1.1, written down as it stands there. */
  const naiveRoot = (leaves: readonly Buffer[]): Buffer => {
    const [first] = leaves;
    if (!first) return emptyRoot;
    if (leaves.length === 1) return first;
    const k = splitOf(leaves.length);
    return nodeHash(naiveRoot(leaves.slice(0, k)), naiveRoot(leaves.slice(k)));
  };
  const leaves = numbered(140);
  const flipped = (bytes: Buffer, bit: number) => {
    const copy = Buffer.from(bytes);
    copy.writeUInt8(copy.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    return copy;
  };
  const bit = fc.nat(255);

  test('a frontier grown in any steps has the root of the definition and as many parts as its size has one bits', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(40), { maxLength: 4 }), (steps) => {
        let tree = new Frontier();
        for (const step of steps) {
          const more = leaves.slice(tree.size, Math.min(tree.size + step, leaves.length));
          tree = new Frontier(tree.size, tree.roots);
          tree.appendAll(Buffer.concat(more));
        }
        expect(tree.root().equals(naiveRoot(leaves.slice(0, tree.size)))).toBe(true);
        expect(tree.roots).toHaveLength(oneBits(tree.size));
      }),
    );
  });

  test('a frontier that cannot be that of its size is refused', () => {
    expect(() => new Frontier(3, [emptyRoot])).toThrow('2 perfect subtrees');
    expect(() => new Frontier(1, [Buffer.alloc(31)])).toThrow('32 bytes');
    expect(() => new Frontier(-1)).toThrow('-1 leaves');
    expect(() => new Frontier().appendAll(Buffer.alloc(33))).toThrow('32 bytes');
  });

  test('every leaf of every size is proved, and a flipped bit, another place or another size is not', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 140 }), fc.nat(), bit, fc.nat(), (size, pick, at, other) => {
        const seq = pick % size;
        const tree = leaves.slice(0, size);
        const claim = { leaf: tree[seq] ?? emptyRoot, seq, size, path: inclusionProof(tree, seq), root: naiveRoot(tree) };
        expect(verifyInclusion(claim)).toBe(true);
        expect(verifyInclusion({ ...claim, leaf: flipped(claim.leaf, at) })).toBe(false);
        expect(verifyInclusion({ ...claim, root: flipped(claim.root, at) })).toBe(false);
        const place = other % (size + 1);
        if (place !== seq) expect(verifyInclusion({ ...claim, seq: place })).toBe(false);
        for (const [index, node] of claim.path.entries()) {
          expect(verifyInclusion({ ...claim, path: claim.path.with(index, flipped(node, at)) })).toBe(false);
        }
        expect(verifyInclusion({ ...claim, path: [...claim.path, emptyRoot] })).toBe(false);
        if (claim.path.length > 0) expect(verifyInclusion({ ...claim, path: claim.path.slice(1) })).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  test('every earlier size is proved to be the beginning, and a flipped bit, a missing or an added node is not', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 140 }), fc.nat(), bit, (newSize, pick, at) => {
        const oldSize = pick % (newSize + 1);
        const tree = leaves.slice(0, newSize);
        const path = consistencyProof(tree, oldSize);
        const claim = { oldSize, newSize, oldRoot: naiveRoot(tree.slice(0, oldSize)), newRoot: naiveRoot(tree), path };
        expect(verifyConsistency(claim)).toBe(true);
        expect(verifyConsistency({ ...claim, oldRoot: flipped(claim.oldRoot, at) })).toBe(false);
        // Nothing is claimed of the new root where the old tree is empty.
        if (oldSize > 0) expect(verifyConsistency({ ...claim, newRoot: flipped(claim.newRoot, at) })).toBe(false);
        for (const [index, node] of path.entries()) {
          expect(verifyConsistency({ ...claim, path: path.with(index, flipped(node, at)) })).toBe(false);
        }
        expect(verifyConsistency({ ...claim, path: [...path, emptyRoot] })).toBe(false);
        if (path.length > 0) expect(verifyConsistency({ ...claim, path: path.slice(1) })).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  test('sizes beyond 32 bits keep their shape', () => {
    const size = 2 ** 40 + 3;
    expect(inclusionRanges(size - 1, size).at(-1)).toEqual({ from: 0, to: 2 ** 40 });
    expect(oneBits(size)).toBe(3);
    const path = inclusionRanges(0, size).map(() => emptyRoot);
    const root = path.reduce((node, sibling) => nodeHash(node, sibling), emptyRoot);
    expect(verifyInclusion({ leaf: emptyRoot, seq: 0, size, path, root })).toBe(true);
  });

  test('claims that make no sense are refused', () => {
    const node = emptyRoot;
    expect(verifyInclusion({ leaf: node, seq: 0, size: 0, path: [], root: node })).toBe(false);
    expect(verifyInclusion({ leaf: node, seq: 0.5, size: 1, path: [], root: node })).toBe(false);
    expect(verifyInclusion({ leaf: Buffer.alloc(31), seq: 0, size: 1, path: [], root: Buffer.alloc(31) })).toBe(false);
    expect(verifyConsistency({ oldSize: 3, newSize: 2, oldRoot: node, newRoot: node, path: [] })).toBe(false);
    expect(verifyConsistency({ oldSize: 3, newSize: 4, oldRoot: node, newRoot: node, path: [] })).toBe(false);
    expect(verifyConsistency({ oldSize: 2, newSize: 4, oldRoot: node, newRoot: node, path: [Buffer.alloc(1)] })).toBe(false);
    expect(() => inclusionRanges(4, 4)).toThrow(RangeError);
    expect(() => consistencyRanges(5, 4)).toThrow(RangeError);
  });
});

describe('checkpoints, pinned keys and anchors', () => {
  const text = checkpointText(known, '21fe31dfa154a261');

  test('a checkpoint is read back, and any changed character breaks it', () => {
    expect(parseCheckpoint(text)).toEqual({ ...known, keyId: '21fe31dfa154a261' });
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 1 }), (at, character) => {
        const changed = text.slice(0, at) + character + text.slice(at + 1);
        if (changed !== text) expect(verifyCheckpoint(changed, knownSignature, [rfcPinned])).not.toBe('valid');
      }),
    );
  });

  test.each([
    '',
    text.slice(0, -1),
    `${text}\n`,
    text.replace('/v1', '/v2'),
    text.replace('\n5\n', '\n05\n'),
    text.replace('20w=', '20x='),
  ])('a text that checkpointText would not write is no checkpoint', (changed) => {
    expect(parseCheckpoint(changed)).toBeNull();
    expect(verifyCheckpoint(changed, knownSignature, [rfcPinned])).toBe('malformed');
  });

  test('only a pinned key counts, and only within its time', () => {
    const other = Buffer.from(generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
    const foreign = { keyId: keyIdOf(other), publicKey: other.toString('base64'), from: '2026-01-01T00:00:00Z' };
    expect(verifyCheckpoint(text, knownSignature, [foreign])).toBe('unknown_key');
    expect(verifyCheckpoint(text, knownSignature.replace('b', 'c'), [rfcPinned])).toBe('bad_signature');
    expect(verifyCheckpoint(text, 'AAAA', [rfcPinned])).toBe('bad_signature');
    expect(verifyCheckpoint(text, knownSignature, [{ ...rfcPinned, to: known.at }])).toBe('outside_key_period');
    expect(verifyCheckpoint(text, knownSignature, [{ ...rfcPinned, from: '2026-01-02T03:04:06.000001Z' }])).toBe('outside_key_period');
    expect(
      verifyCheckpoint(text, knownSignature, [
        { ...rfcPinned, to: '2026-01-02T00:00:00Z' },
        { ...rfcPinned, from: known.at },
      ]),
    ).toBe('valid');
    expect(pinnedKeyAt([{ ...rfcPinned, from: known.at, to: '2026-01-02T03:04:06.000001Z' }], rfcPinned.keyId, known.at)).toBeDefined();
    expect(() => keyIdOf(Buffer.alloc(31))).toThrow('32 bytes');
  });

  test('the file of pinned keys is read back, and a key under a false id is refused', () => {
    const keys = [{ ...rfcPinned, to: '2026-06-01T00:00:00.000Z' }, rfcPinned];
    expect(parsePinnedKeys(writePinnedKeys(keys))).toEqual(keys);
    expect(() => parsePinnedKeys('[')).toThrow('not JSON');
    expect(() => parsePinnedKeys(JSON.stringify([{ ...rfcPinned, keyId: '0000000000000000' }]))).toThrow('keyId is not that of publicKey');
    expect(() => parsePinnedKeys(JSON.stringify([{ ...rfcPinned, publicKey: 'AAAA' }]))).toThrow('32 bytes');
    expect(() => parsePinnedKeys(JSON.stringify([{ ...rfcPinned, d: 'x' }]))).toThrow('what it should be');
  });

  test('a list of pinned keys only grows: a new one joins, an old one ends, none leaves', () => {
    const added = { keyId: '0011223344556677', publicKey: rfcPinned.publicKey, from: known.at };
    const both = addPinnedKey([rfcPinned], added);
    expect(both).toEqual([rfcPinned, added]);
    expect(addPinnedKey(both, added)).toEqual(both);
    const ended = endPinnedKey(both, rfcPinned.keyId, known.at);
    expect(ended).toEqual([{ ...rfcPinned, to: known.at }, added]);
    expect(() => endPinnedKey(ended, rfcPinned.keyId, known.at)).toThrow('No open key 21fe31dfa154a261 is pinned.');
  });

  test('an anchor holds text and signature; names sort as sizes do', () => {
    expect(parseAnchor(anchorText(text, knownSignature))).toEqual({ text, signature: knownSignature });
    expect(parseAnchor(text)).toBeNull();
    expect(parseAnchor(anchorText(text.replace('/v1', '/v9'), knownSignature))).toBeNull();
    expect(anchorName(5)).toBe('00000000000000000005.anchor');
    expect(sizeOfAnchorName(anchorName(12_345))).toBe(12_345);
    expect(sizeOfAnchorName('5.anchor')).toBeNull();
  });
});
