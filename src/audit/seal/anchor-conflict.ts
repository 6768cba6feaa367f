/** A target holds another checkpoint of the same size: one of the two histories is not the one that happened. */
export class AnchorConflictError extends Error {
  override name = 'AnchorConflictError';

  constructor(target: string, anchor: string) {
    super(`The anchor ${anchor} at ${target} differs from the checkpoint in the database.`);
  }
}
