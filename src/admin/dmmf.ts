import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const field = z.looseObject({
  name: z.string(),
  kind: z.string(),
  type: z.string(),
  isRequired: z.boolean(),
  isList: z.boolean(),
  isId: z.boolean().optional(),
  relationName: z.string().optional(),
});
const document = z.looseObject({
  datamodel: z.looseObject({
    models: z.array(z.looseObject({ name: z.string(), fields: z.array(field) })),
    enums: z.array(z.looseObject({ name: z.string(), values: z.array(z.looseObject({ name: z.string() })) })),
  }),
});

/** The full data model: Prisma 7's client strips ids and relations from its own copy. */
export type Dmmf = z.infer<typeof document>;
export type DmmfModel = Dmmf['datamodel']['models'][number];
export type DmmfField = DmmfModel['fields'][number];

const generatedPath = join(import.meta.dirname, '../../prisma/generated/dmmf.json');

/** Reads the file that `npm run generate` writes. Throws with that advice when it is missing. */
export function loadDmmf(path: string = generatedPath): Dmmf {
  try {
    return document.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    throw new Error(`${path} is missing or unreadable: run "npm run generate"`, { cause });
  }
}
