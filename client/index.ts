export {
  type Answer,
  type ApiClient,
  type ApiClientOptions,
  type CallOptions,
  type ClientIdentity,
  createApiClient,
} from './api-client.ts';
export type * from './api-types.ts';
export { problemCodes } from './api-types.ts';
export { type EndUser, type Forwarding, forwardingHeader } from './forwarding.ts';
export type { InputOf, OperationName, ReplyOf, SuccessOf } from './operation.ts';
export { type ApiProblem, isProblemCode } from './problem.ts';
export {
  createSessionKeeper,
  type EndingCode,
  endingCodeOf,
  endingCodes,
  type Kept,
  type SessionKeeper,
  type SessionKeeperOptions,
  type StoredSession,
  storedSession,
} from './session-keeper.ts';
