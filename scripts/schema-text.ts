import { z } from 'zod';

/** The part of JSON Schema 2020-12 that our document uses. */
export type Schema = {
  $ref?: string | undefined;
  type?: string | string[] | undefined;
  enum?: (string | number | boolean | null)[] | undefined;
  const?: string | number | boolean | null | undefined;
  anyOf?: Schema[] | undefined;
  oneOf?: Schema[] | undefined;
  allOf?: Schema[] | undefined;
  items?: Schema | undefined;
  prefixItems?: Schema[] | undefined;
  properties?: Record<string, Schema> | undefined;
  required?: string[] | undefined;
  additionalProperties?: boolean | Schema | undefined;
  description?: string | undefined;
};

const literal = z.union([z.string(), z.number(), z.boolean(), z.null()]);

export const schemaForm: z.ZodType<Schema> = z.lazy(() =>
  z.looseObject({
    $ref: z.string().optional(),
    type: z.union([z.string(), z.array(z.string())]).optional(),
    enum: z.array(literal).optional(),
    const: literal.optional(),
    anyOf: z.array(schemaForm).optional(),
    oneOf: z.array(schemaForm).optional(),
    allOf: z.array(schemaForm).optional(),
    items: schemaForm.optional(),
    prefixItems: z.array(schemaForm).optional(),
    properties: z.record(z.string(), schemaForm).optional(),
    required: z.array(z.string()).optional(),
    additionalProperties: z.union([z.boolean(), schemaForm]).optional(),
    description: z.string().optional(),
  }),
);

/** The TypeScript type of a schema, on one line. Throws for a construct that it does not know: guessing would be a wrong type. */
export function typeText(schema: Schema): string {
  if (schema.$ref !== undefined) return schema.$ref.replace('#/components/schemas/', '');
  if (schema.const !== undefined) return literalText(schema.const);
  if (schema.enum !== undefined) return unionOf(schema.enum.map(literalText));
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return unionOf(choices.map(typeText));
  if (schema.allOf)
    return [...schema.allOf.map(typeText), ...(schema.properties ? [objectText(schema)] : [])].map((part) => `(${part})`).join(' & ');
  const types = Array.isArray(schema.type) ? schema.type : [schema.type];
  return unionOf(types.map((type) => plainText(type, schema)));
}

function plainText(type: string | undefined, schema: Schema): string {
  switch (type) {
    case 'string':
    case 'boolean':
    case 'null':
      return type;
    case 'integer':
    case 'number':
      return 'number';
    case 'array':
      return `readonly (${schema.items ? typeText(schema.items) : 'unknown'})[]`;
    case 'object':
      return objectText(schema);
    case undefined:
      return 'unknown';
    default:
      throw new Error(`No TypeScript type for a schema of type ${type}`);
  }
}

function objectText(schema: Schema): string {
  const required = new Set(schema.required ?? []);
  const members = Object.entries(schema.properties ?? {}).map(([name, member]) => {
    const isOptional = !required.has(name);
    return `${JSON.stringify(name)}${isOptional ? '?' : ''}: ${typeText(member)}${isOptional ? ' | undefined' : ''}`;
  });
  const { additionalProperties } = schema;
  if (members.length === 0) {
    if (typeof additionalProperties === 'object') return `Record<string, ${typeText(additionalProperties)}>`;
    return additionalProperties === false ? 'Record<string, never>' : 'Record<string, unknown>';
  }
  return `{ ${members.join('; ')} }`;
}

function literalText(value: string | number | boolean | null): string {
  return typeof value === 'string' ? `'${value.replaceAll("'", "\\'")}'` : String(value);
}

function unionOf(types: readonly string[]): string {
  return [...new Set(types)].join(' | ');
}
