import type { Config } from '../../foundation/config/config.ts';
import { fileAnchors } from './file-anchors.ts';
import { httpsAnchors } from './https-anchors.ts';

/** A place outside the database that takes copies of checkpoints, each once and for ever. */
export type AnchorTarget = {
  /** `file`, or the URL without credentials; as `audit.anchor.target` has it. */
  name: string;
  /**
   * Writes a copy under `name` unless the very same one is there. Resolves with where it is.
   * @throws AnchorConflictError when another content has that name
   */
  put(name: string, content: string): Promise<string>;
  /** Size of the largest checkpoint that is there; null where none is or the target cannot tell. */
  largest(): Promise<number | null>;
};

/** The targets of this installation: the folder, then the URLs. */
export function anchorTargets(config: Pick<Config, 'auditAnchorDir' | 'auditAnchorUrls'>): AnchorTarget[] {
  return [
    ...(config.auditAnchorDir === null ? [] : [fileAnchors(config.auditAnchorDir)]),
    ...config.auditAnchorUrls.map((url) => httpsAnchors(url)),
  ];
}
