import type { PermissionKey } from '../../foundation/access/matrix.ts';
import type { AnyCommand, CommandDeps } from '../../foundation/command/command.ts';
import type { StaffActor } from '../../foundation/runtime/actor.ts';

/** What a used link shows: a picture or the pages of a PDF, or the page that holds such pages below the viewer's name. */
export type ShownFile =
  | { kind: 'picture' | 'pages'; type: string; bytes: Buffer }
  /** `src`: another link, whose pages are shown; `marks`: lines that stand across them. */
  | { kind: 'framed'; title: string; src: string; marks: readonly string[] };

export type FileRequest = { staff: StaffActor; deps: CommandDeps };

/**
 * A kind of file that staff see through single-use links: GET /admin/files/<id>/<token>. The frame asks the matrix, runs the command
 * that uses the link up with `{token}` as its input, records the read, and sends what `show` makes of it: never cached, never to keep.
 */
export type FileLink = {
  id: string;
  /** Noun of the read row. */
  noun: string;
  permission: PermissionKey;
  command: AnyCommand;
  /** Records of people that whoever sees the file has read. */
  recordsRead: (output: unknown) => readonly string[];
  show: (output: unknown, request: FileRequest) => Promise<ShownFile>;
};

const idPattern = /^[a-z][a-z0-9-]{1,40}$/;

/** Keeps the type of what the command answers, checked where it comes in. Throws at boot for a bad id. */
export function defineFileLink<Output>(
  link: Omit<FileLink, 'recordsRead' | 'show'> & {
    isOutput: (output: unknown) => output is Output;
    recordsRead: (output: Output) => readonly string[];
    show: (output: Output, request: FileRequest) => Promise<ShownFile>;
  },
): FileLink {
  const { id, noun, permission, command, isOutput, recordsRead, show } = link;
  if (!idPattern.test(id)) throw new Error(`File link id ${id} must be kebab-case`);
  const known = (output: unknown): Output => {
    if (!isOutput(output)) throw new Error(`File link ${id}: its command answered something else`);
    return output;
  };
  return {
    ...{ id, noun, permission, command },
    recordsRead: (output) => recordsRead(known(output)),
    show: (output, request) => show(known(output), request),
  };
}
