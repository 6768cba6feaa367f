/** A MaxMind DB (format 2.0) with one record for each IPv4 address given: enough to stand for an operator's city file. */
export function tinyMmdb(places: Readonly<Record<string, { country: string; city: string }>>): Buffer {
  const entries = Object.entries(places);
  const records = entries.map(([, { country, city }]) =>
    mapOf({ city: mapOf({ names: mapOf({ en: text(city) }) }), country: mapOf({ iso_code: text(country) }) }),
  );
  const offsets = records.map((_, index) => records.slice(0, index).reduce((sum, record) => sum + record.length, 0));
  const nodes = treeOf(entries.map(([address], index) => ({ bits: bitsOf(address), offset: offsets[index] ?? 0 })));
  const tree = Buffer.concat(nodes.map((node) => Buffer.concat(node.map((record) => uint24(recordOf(record, nodes.length))))));
  const metadata = mapOf({
    binary_format_major_version: uint(5, 2),
    binary_format_minor_version: uint(5, 0),
    build_epoch: uint(9, 1_700_000_000),
    database_type: text('GeoLite2-City'),
    description: mapOf({ en: text('places of a test') }),
    ip_version: uint(5, 4),
    languages: array([text('en')]),
    node_count: uint(6, nodes.length),
    record_size: uint(5, 24),
  });
  return Buffer.concat([tree, Buffer.alloc(16), ...records, Buffer.from('abcdef', 'hex'), Buffer.from('MaxMind.com'), metadata]);
}

/** A side of a node: another node, a record of the data section, or nothing. */
type Side = { node: number } | { offset: number } | null;

function treeOf(leaves: readonly { bits: readonly number[]; offset: number }[]): [Side, Side][] {
  const nodes: [Side, Side][] = [[null, null]];
  for (const { bits, offset } of leaves) {
    let at = 0;
    for (const [depth, bit] of bits.entries()) {
      const node = nodes[at] ?? [null, null];
      const side = node[bit === 0 ? 0 : 1];
      if (depth === bits.length - 1) node[bit === 0 ? 0 : 1] = { offset };
      else if (side && 'node' in side) at = side.node;
      else {
        node[bit === 0 ? 0 : 1] = { node: nodes.length };
        at = nodes.push([null, null]) - 1;
      }
    }
  }
  return nodes;
}

function recordOf(side: Side, nodeCount: number): number {
  if (!side) return nodeCount;
  return 'node' in side ? side.node : side.offset + nodeCount + 16;
}

function bitsOf(address: string): number[] {
  return address.split('.').flatMap((part) => Number(part).toString(2).padStart(8, '0').split('').map(Number));
}

const uint24 = (value: number) => Buffer.from([value >> 16, (value >> 8) & 255, value & 255]);

function control(type: number, size: number): Buffer {
  const first = type <= 7 ? [(type << 5) | Math.min(size, 29)] : [Math.min(size, 29), type - 7];
  return Buffer.from(size < 29 ? first : [...first, size - 29]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([control(2, bytes.length), bytes]);
}

function uint(type: 5 | 6 | 9, value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Buffer.concat([control(type, bytes.length), Buffer.from(bytes)]);
}

function mapOf(members: Readonly<Record<string, Buffer>>): Buffer {
  const entries = Object.entries(members);
  return Buffer.concat([control(7, entries.length), ...entries.flatMap(([key, value]) => [text(key), value])]);
}

function array(values: readonly Buffer[]): Buffer {
  return Buffer.concat([control(11, values.length), ...values]);
}
