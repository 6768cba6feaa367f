import type { Operations } from './api-types.ts';

/** `POST /auth/login` and the like: method and path below /api/v1. */
export type OperationName = keyof Operations;

type MayBeLeftOut<T> = Record<never, never> extends T ? true : false;
type Part<Name extends string, T> = T extends null ? unknown : MayBeLeftOut<T> extends true ? { [K in Name]?: T } : { [K in Name]: T };

/** Path parameters, query and body of an operation: there where it has them, required where it requires them. */
export type InputOf<Op extends OperationName> = Part<'params', Operations[Op]['params']> &
  Part<'query', Operations[Op]['query']> &
  Part<'body', Operations[Op]['body']>;

type Replies<Op extends OperationName> = Operations[Op]['replies'];

/** A success: the status tells which body it is. */
export type SuccessOf<Op extends OperationName> = {
  [Status in keyof Replies<Op>]: { kind: 'ok'; status: Status; data: Replies<Op>[Status]; headers: Headers };
}[keyof Replies<Op>];

/** The body of a success with this status. */
export type ReplyOf<Op extends OperationName, Status extends keyof Replies<Op>> = Replies<Op>[Status];
