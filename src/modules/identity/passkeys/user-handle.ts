/** A UUID as its 16 bytes. As the WebAuthn user handle it names an account and tells nothing of the person. */
export function uuidBytes(id: string): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}

/** Whether the `userHandle` of an answer is this person's. */
export function isHandleOf(userId: string, handle: string): boolean {
  return handle === uuidBytes(userId).toString('base64url');
}
