import { z } from 'zod';
import { type Schema, schemaForm } from '../schema-text.ts';

const contentForm = z.record(z.string(), z.looseObject({ schema: schemaForm.optional() }));
const operationForm = z.looseObject({
  operationId: z.string(),
  security: z.array(z.record(z.string(), z.unknown())).optional(),
  parameters: z.array(z.looseObject({ name: z.string(), in: z.string(), schema: schemaForm.optional() })).optional(),
  requestBody: z.looseObject({ content: contentForm }).optional(),
  responses: z.record(z.string(), z.looseObject({ content: contentForm.optional() })),
  'x-error-codes': z.array(z.string()).optional(),
});
const documentForm = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), operationForm)),
  components: z.looseObject({ schemas: z.record(z.string(), schemaForm) }),
});

/** One operation of openapi.json, as far as it can be played with and judged. */
export type Operation = {
  method: string;
  path: string;
  needsBearer: boolean;
  pathParameters: string[];
  queryParameters: { name: string; schema: Schema }[];
  body: Schema | null;
  /** Takes a multipart form in place of JSON. */
  takesForm: boolean;
  /** Successes by status: the check of a JSON body, or null where none is promised. */
  replies: ReadonlyMap<number, z.ZodType | null>;
  /** Codes beside those that every operation may answer. */
  codes: ReadonlySet<string>;
};

export type ApiDocument = { operations: Operation[]; schemas: Record<string, Schema>; problem: z.ZodType };

/** Reads openapi.json; its schemas become checks of their own, made from the published document alone. */
export function readDocument(text: string): ApiDocument {
  const { paths, components } = documentForm.parse(JSON.parse(text));
  const defs = JSON.stringify(components.schemas).replaceAll('#/components/schemas/', '#/$defs/');
  const checkOf = (schema: Schema): z.ZodType => {
    const own: unknown = JSON.parse(JSON.stringify(schema).replaceAll('#/components/schemas/', '#/$defs/'));
    return z.fromJSONSchema(JSON.parse(`{"$defs":${defs},"allOf":[${JSON.stringify(own)}]}`));
  };
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Operation => {
      const { parameters = [], requestBody, responses } = operation;
      return {
        method: method.toUpperCase(),
        path,
        needsBearer: (operation.security ?? []).some((way) => 'bearer' in way),
        pathParameters: parameters.filter((each) => each.in === 'path').map((each) => each.name),
        queryParameters: parameters
          .filter((each) => each.in === 'query')
          .map(({ name, schema }) => ({ name, schema: schema ?? { type: 'string' } })),
        body: requestBody?.content['application/json']?.schema ?? null,
        takesForm: requestBody?.content['multipart/form-data'] !== undefined,
        replies: new Map(
          Object.entries(responses)
            .filter(([status]) => /^\d{3}$/.test(status))
            .map(([status, { content }]) => {
              const schema = content?.['application/json']?.schema;
              return [Number(status), schema ? checkOf(schema) : null] as const;
            }),
        ),
        codes: new Set(operation['x-error-codes'] ?? []),
      };
    }),
  );
  return { operations, schemas: components.schemas, problem: checkOf({ $ref: '#/components/schemas/Problem' }) };
}
