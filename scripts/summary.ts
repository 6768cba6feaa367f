import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Config } from '../src/foundation/config/config.ts';

const demoStaff = z.array(z.object({ role: z.string(), email: z.string(), password: z.string(), totpSecret: z.string().optional() }));

export type SummaryOptions = {
  config: Config;
  isEmbedded: boolean;
  /** Some of the demo data follows while the application answers already. */
  isSeeding: boolean;
  logFile: string;
};

/** What a newcomer needs next: where to go, who to be, where things are kept. */
export function summary({ config, isEmbedded, isSeeding, logFile }: SummaryOptions): string {
  const { publicUrl, dataDir, mode } = config;
  const database = isEmbedded
    ? `embedded PostgreSQL in ${join(dataDir, 'pg')}; addresses in ${join(dataDir, 'database.json')}`
    : 'the one of DATABASE_URL';
  const lines = [
    '',
    `Fashionistar is ready${mode === 'lab' ? ' in LAB MODE (production build, demo data, this machine only)' : ''}.`,
    '',
    `  Back office    ${publicUrl}/admin`,
    ...accountLines(config),
    `  API docs       ${publicUrl}/docs`,
    ...(mode === 'production' ? [] : [`  Dev inbox      ${publicUrl}/dev/inbox   (mail and SMS end here)`]),
    `  Data           ${dataDir}   (kept; "npm run reset" empties it)`,
    `  Database       ${database}`,
    ...(isEmbedded ? ['                 for one of your own: DATABASE_URL=postgresql://user:password@host:5432/name npm start'] : []),
    ...(isSeeding ? ['  Demo data      tickets, sign-ins and shops follow within half a minute; a line says when all are there'] : []),
    `  Log            ${logFile}`,
    '  Stop           Ctrl-C',
    '',
  ];
  return `${lines.join('\n')}\n`;
}

function accountLines(config: Config): string[] {
  const file = join(config.dataDir, 'demo-staff.json');
  if (config.mode === 'production' || !existsSync(file)) return [];
  const staff = demoStaff.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data ?? [];
  const first = [...new Map(staff.toReversed().map((person) => [person.role, person])).values()].reverse();
  const width = (pick: (person: (typeof first)[number]) => string) => Math.max(0, ...first.map((person) => pick(person).length));
  const [roleWidth, emailWidth] = [width((person) => person.role), width((person) => person.email)];
  const withCode = first.some((person) => person.totpSecret) ? [`      authenticator secrets: ${file}`] : [];
  return [
    ...first.map((person) => `      ${person.role.padEnd(roleWidth)}  ${person.email.padEnd(emailWidth)}  ${person.password}`),
    ...withCode,
  ];
}
