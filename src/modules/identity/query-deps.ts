import type { CommandDeps } from '../../foundation/command/command.ts';

/** What a read needs; every door's deps have it. */
export type QueryDeps = Pick<CommandDeps, 'config' | 'clock' | 'database' | 'keyring'>;
