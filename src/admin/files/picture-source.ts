import type { PermissionKey } from '../../foundation/access/matrix.ts';
import type { CommandDeps } from '../../foundation/command/command.ts';

export type PictureSize = 'small' | 'whole';
export type Picture = { type: string; bytes: Buffer };

/**
 * Pictures that were handed in to be shown in the shop: GET /admin/pictures/<id of the file>/<size>. Nobody's secret, so that they may be
 * looked at often and kept by the browser for a while; proofs of identity never come this way.
 */
export type PictureSource = {
  noun: string;
  permission: PermissionKey;
  /** Null for a file that is none of these, or gone. */
  open: (deps: CommandDeps, fileId: string, size: PictureSize) => Promise<Picture | null>;
};
