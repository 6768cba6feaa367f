import { z } from 'zod';

type Json = null | string | number | boolean | Json[] | { [name: string]: Json };

/** The parts of JSON Schema that our bodies are made of. */
const node = z.looseObject({
  $ref: z.string().optional(),
  $defs: z.record(z.string(), z.unknown()).optional(),
  const: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  minLength: z.number().optional(),
});

/** The smallest body that a schema takes: what is required, and of it the first choice. `named` gives values by member name. */
export function sampleBody(schema: z.ZodType, named: Readonly<Record<string, Json>>): Json {
  const root = node.parse(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
  const definitions = root.$defs ?? {};
  const sample = (raw: unknown, name: string): Json => {
    const part = node.parse(raw);
    if (name in named) return named[name] ?? null;
    if (part.$ref) return sample(definitions[part.$ref.replace('#/$defs/', '')], name);
    if (part.const !== undefined) return z.json().parse(part.const);
    if (part.enum) return z.json().parse(part.enum[0]);
    const choices = part.oneOf ?? part.anyOf;
    if (choices) return sample(choices[0], name);
    const type = Array.isArray(part.type) ? part.type[0] : part.type;
    switch (type) {
      case 'object': {
        const wanted = (part.required ?? []).map((member) => [member, sample(part.properties?.[member], member)] as const);
        return Object.fromEntries(wanted);
      }
      case 'array':
        return [];
      case 'boolean':
        return true;
      case 'integer':
      case 'number':
        return 1;
      default:
        return 'x'.repeat(Math.max(part.minLength ?? 1, 1));
    }
  };
  return sample(root, '');
}
