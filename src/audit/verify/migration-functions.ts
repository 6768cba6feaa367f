import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What the migrations say of the functions of the product: their texts, and who may call those of schema audit. */
export type MigratedFunctions = {
  /** Every text that the last migrations gave a function of this name, `schema.name`; more than one where it is overloaded. */
  bodies: ReadonlyMap<string, ReadonlySet<string>>;
  /** Names of functions whose text PostgreSQL keeps parsed. */
  parsed: ReadonlySet<string>;
  /** By `schema.name role`. */
  grants: ReadonlyMap<string, { name: string; role: string }>;
};

const folder = fileURLToPath(new URL('../../../prisma/migrations', import.meta.url));

const definition =
  /CREATE (OR REPLACE )?FUNCTION (\w+\.\w+)\s*\(((?:(?!CREATE (?:OR REPLACE )?FUNCTION)[\s\S])*?)(?:\bAS \$(\w*)\$([\s\S]*?)\$\4\$|\n\s*(?:RETURN|BEGIN ATOMIC)\b)/g;
const grant = /GRANT EXECUTE ON FUNCTION ([\w.,()[\]\s]+?) TO ([\w\s,]+);/g;

/** Reads the migrations as the runner applies them, in the order of their names. */
export function readMigratedFunctions(): MigratedFunctions {
  const bodies = new Map<string, Set<string>>();
  const parsed = new Set<string>();
  const grants = new Map<string, { name: string; role: string }>();
  for (const path of globSync('*/migration.sql', { cwd: folder }).sort()) {
    const sql = readFileSync(`${folder}/${path}`, 'utf8');
    for (const [, replaces, name = '', , , body] of sql.matchAll(definition)) {
      if (body === undefined) parsed.add(name);
      else bodies.set(name, new Set([...(replaces ? [] : (bodies.get(name) ?? [])), body]));
    }
    for (const [, functions = '', roles = ''] of sql.matchAll(grant)) {
      for (const [, name = ''] of functions.matchAll(/(audit\.\w+)\s*\(/g)) {
        for (const role of roles.split(',').map((one) => one.trim())) grants.set(`${name} ${role}`, { name, role });
      }
    }
  }
  return { bodies, parsed, grants };
}
