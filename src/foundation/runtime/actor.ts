import type { RoleGrant } from '../access/roles.ts';

/** Who does something. Resolved once per request or job; commands and guards only read it. */
export type Actor =
  | { kind: 'anonymous' }
  | CustomerActor
  | StaffActor
  /** `name` is the job or tool, for example `operator`, `seed`, `notify`. Recorded as `system:<name>`. */
  | { kind: 'system'; name: string };

export type CustomerActor = {
  kind: 'client' | 'vendor';
  id: string;
  sessionId: string;
  acr: 'aal1' | 'aal2';
  /** When the person last proved themselves; moves only by sign-in or re-authentication. */
  authTime: Date;
};

export type StaffActor = {
  kind: 'staff';
  id: string;
  displayName: string;
  grants: readonly RoleGrant[];
  /** SHA-256 of the session id, 32 bytes. */
  sessionHash: Buffer;
  hasMfa: boolean;
  /** When the last factor was given in this session; step-up compares it with the clock. */
  factorAt: Date | null;
};

/** The `actor_type` of audit.md section 3. */
export function actorTypeOf(actor: Actor): string {
  return actor.kind === 'system' ? `system:${actor.name}` : actor.kind;
}

export function actorIdOf(actor: Actor): string | null {
  return actor.kind === 'anonymous' || actor.kind === 'system' ? null : actor.id;
}
