import { z } from 'zod';
import type { Endpoint, EndpointSpec } from './endpoint.ts';
import { parseInput } from './parse-input.ts';

/** For endpoints that take neither body nor query: anything sent is an unknown field. */
export const noBody = z.strictObject({});
export const noQuery = z.strictObject({});
const nothingRaw: readonly string[] = [];

/** Joins schemas and handler, so that the handler sees parsed values only and the table needs no type parameters. */
export function defineEndpoint<Body, Query>(spec: EndpointSpec<Body, Query>): Endpoint {
  const { summary, body, query, replies, errors = [], rawFields = nothingRaw } = spec;
  return {
    summary,
    body,
    query,
    replies,
    errors,
    rawFields,
    async run(call, raw) {
      call.loggedBody = raw.body;
      const input = { query: parseInput(query, raw.query, nothingRaw), body: parseInput(body, raw.body, rawFields) };
      call.checkedBody = input.body;
      return spec.handle(call, input);
    },
  };
}
