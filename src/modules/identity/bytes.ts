/** A copy as Prisma takes it for a bytea column: a plain array over its own buffer, never a view of Node's pool. */
export function bytesOf(value: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(value);
}
