import type { Request, Response } from 'express';
import type { Config } from '../foundation/config/config.ts';
import type { StaffActor } from '../foundation/runtime/actor.ts';
import type { RequestContext } from '../foundation/runtime/request-context.ts';
import type { Assets } from './assets/manifest.ts';
import type { CurrentAdmin } from './current-admin.ts';
import type { ListQuery } from './query/parse-list-query.ts';
import type { StaffProfile } from './sign-in/port.ts';
import type { AdminSession } from './sign-in/session-store.ts';
import type { GatedRoute } from './stages/route-gate.ts';

/** A person with a full session. */
export type SignedIn = { session: AdminSession; profile: StaffProfile; staff: StaffActor; currentAdmin: CurrentAdmin };

/** What the stages of one request hand on to each other. */
export type AdminState = {
  context: RequestContext;
  /** For scripts and styles of this answer only (CSP nonce), 128 bits base64. */
  nonce: string;
  isProductionBuild: boolean;
  mode: Config['mode'];
  assets: Assets;
  /** A session of any stage, also one that still waits for its second factor. */
  session: AdminSession | null;
  signedIn: SignedIn | null;
  route: GatedRoute | null;
  query: ListQuery | null;
  /** Parsed body of a POST. */
  fields: Readonly<Record<string, unknown>>;
  isBodyRead: boolean;
  /** Query string, single values. */
  params: ReadonlyMap<string, string>;
  /** What a handler of ours answers, when AdminJS demands another shape of it. */
  answer: object | null;
  /** Code of the error that was answered, for the request log. */
  errorCode: string | null;
  /** Personal records in the answer, to be recorded before it leaves. */
  read: { recordIds: readonly string[]; recordCount: number; filter: string | null } | null;
};

const states = new WeakMap<Response, AdminState>();

/** Keyed by the response: @adminjs/express hands handlers a copy of the request, but the response itself. */
export function stateOf(res: Response): AdminState {
  const state = states.get(res);
  if (!state) throw new Error('The first stage of the admin pipeline has not run');
  return state;
}

export function openState(res: Response, opened: { context: RequestContext; nonce: string; config: Config; assets: Assets }): AdminState {
  const { context, nonce, config, assets } = opened;
  const state: AdminState = {
    context,
    nonce,
    isProductionBuild: config.isProductionBuild,
    mode: config.mode,
    assets,
    session: null,
    signedIn: null,
    route: null,
    query: null,
    fields: {},
    isBodyRead: false,
    params: new Map(),
    answer: null,
    errorCode: null,
    read: null,
  };
  states.set(res, state);
  return state;
}

/** The signed-in person, behind the stage that demands one. */
export function requireSignedIn(res: Response): SignedIn {
  const { signedIn } = stateOf(res);
  if (!signedIn) throw new Error('This handler stands behind the sign-in stage');
  return signedIn;
}

/** Path below /admin, without the query: `/api/resources/User/actions/list`. */
export function adminPath(req: Request): string {
  return req.path === '' ? '/' : req.path;
}

export function isApiPath(path: string): boolean {
  return path === '/api' || path.startsWith('/api/');
}
