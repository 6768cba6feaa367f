import { z } from 'zod';
import { createOpenApiDocument } from '../src/api/openapi.ts';
import { apiRoutes } from '../src/api/routes/index.ts';
import { catalogue } from '../src/foundation/errors/catalogue.ts';
import { type Schema, schemaForm, typeText } from './schema-text.ts';

const operationForm = z.looseObject({
  operationId: z.string(),
  summary: z.string().optional(),
  parameters: z
    .array(z.looseObject({ name: z.string(), in: z.string(), required: z.boolean().optional(), schema: schemaForm.optional() }))
    .optional(),
  requestBody: z.looseObject({ content: z.record(z.string(), z.looseObject({ schema: schemaForm.optional() })) }).optional(),
  responses: z.record(
    z.string(),
    z.looseObject({ content: z.record(z.string(), z.looseObject({ schema: schemaForm.optional() })).optional() }),
  ),
});
type Operation = z.infer<typeof operationForm>;

const documentForm = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), operationForm)),
  components: z.looseObject({ schemas: z.record(z.string(), schemaForm) }),
});

const prefix = '/api/v1';

/**
 * The text of client/api-types.ts: every problem code, every shared shape and every operation under /api/v1, read from the document that
 * is served as openapi.json. Self-contained, so that a storefront can copy the folder or depend on it without the server.
 */
export function clientTypes(): string {
  const { paths, components } = documentForm.parse(JSON.parse(JSON.stringify(createOpenApiDocument(apiRoutes, { isProduction: true }))));
  const operations = Object.entries(paths)
    .filter(([path]) => path.startsWith(`${prefix}/`))
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => operationText(method.toUpperCase(), path, operation)),
    );
  return [
    '// Made by `npm run client-types` from the routes, their schemas and the error catalogue. Not to be edited: a test compares it.',
    '',
    '/** Permanent codes of problems; the contract of every failure. */',
    `export const problemCodes = [\n${Object.keys(catalogue)
      .map((code) => `  '${code}',\n`)
      .join('')}] as const;`,
    '',
    'export type ProblemCode = (typeof problemCodes)[number];',
    '',
    ...Object.entries(components.schemas).flatMap(([name, schema]) => [`export type ${name} = ${typeText(schema)};`, '']),
    `/** Every operation by its method and its path below ${prefix}: what it takes and, by status, what it answers. */`,
    `export type Operations = {\n${operations.join('')}};`,
    '',
  ].join('\n');
}

function operationText(method: string, path: string, operation: Operation): string {
  const { parameters = [], requestBody, responses, summary } = operation;
  const body = requestBody?.content['application/json']?.schema;
  const isForm = requestBody?.content['multipart/form-data'] !== undefined;
  const members: [string, string][] = [
    ['params', membersOf(parameters, 'path')],
    ['query', membersOf(parameters, 'query')],
    ['body', isForm ? 'FormData' : body ? typeText(body) : 'null'],
    ['replies', `{ ${repliesOf(responses)} }`],
  ];
  const text = members.map(([name, type]) => `    ${name}: ${type};\n`).join('');
  return `${summary ? `  /** ${summary}. */\n` : ''}  '${method} ${path.slice(prefix.length)}': {\n${text}  };\n`;
}

function membersOf(parameters: NonNullable<Operation['parameters']>, place: string): string {
  const given = parameters.filter((parameter) => parameter.in === place);
  if (given.length === 0) return 'null';
  return `{ ${given.map(({ name, required, schema }) => `${JSON.stringify(name)}${required ? '' : '?'}: ${schema ? typeText(schema) : 'string'}${required ? '' : ' | undefined'}`).join('; ')} }`;
}

function repliesOf(responses: Operation['responses']): string {
  return Object.entries(responses)
    .filter(([status]) => /^[23]\d\d$/.test(status))
    .map(([status, { content }]) => `${status}: ${replyType(content)}`)
    .join('; ');
}

function replyType(content: Record<string, { schema?: Schema | undefined }> | undefined): string {
  const schema = content?.['application/json']?.schema;
  if (schema) return typeText(schema);
  return content === undefined ? 'null' : 'string';
}
