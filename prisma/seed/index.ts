import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { CommandDeps } from '../../src/foundation/command/command.ts';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import { fillBannedWords, fillCategories } from '../../src/modules/catalog/index.ts';
import { demoGrantReason, systemCommands } from '../../src/modules/identity/index.ts';
import { fillCountries } from '../../src/modules/reference/index.ts';
import { type SeededCustomer, seedCustomers } from './customers.ts';
import { seedHistory } from './history.ts';
import { inGroups } from './in-groups.ts';
import { demoStaff } from './people.ts';
import { createRandom } from './random.ts';
import { seedRequests } from './requests.ts';
import { seedShops } from './shops.ts';
import { seedTeams } from './teams.ts';
import { seedTickets } from './tickets.ts';

const staffFile = z.array(
  z.object({ role: z.string(), email: z.string(), password: z.string(), totpSecret: z.string().optional(), userId: z.string().optional() }),
);
type StaffFile = z.infer<typeof staffFile>;

/** What of the demo may follow once the application answers. */
export type SeedRest = () => Promise<void>;

/**
 * Demo people (product.md section 10), once per database, all through commands, and the two files that tell how to be them,
 * mode 600. In lab mode, where a second factor is forced, staff get one. Gives back the rest: weeks of sign-ins, locks and notes.
 */
export async function seedDemo(deps: CommandDeps, onProgress: (line: string) => void): Promise<SeedRest> {
  const { dataDir, mode } = deps.config;
  const [staffPath, customersPath] = [join(dataDir, 'demo-staff.json'), join(dataDir, 'demo-customers.json')];
  await fillCountries(deps);
  await fillCategories(deps);
  await fillBannedWords(deps);
  const fast = withRememberedPasswords(deps);
  const random = createRandom(20_260_115);
  let staff = readStaff(staffPath);
  let customers: SeededCustomer[] = [];
  if (staff.length === 0 && (await deps.database.prisma.user.count()) > 0) {
    onProgress('The database holds people already: no demo data added');
    return nothingMore;
  }
  if (staff.length === 0) {
    onProgress('Staff');
    staff = await seedStaff(fast);
    writePrivate(staffPath, staff);
  }
  if (mode === 'lab' && staff.some((person) => !person.totpSecret)) {
    onProgress('Authenticators of staff');
    staff = await withAuthenticators(deps, staff);
    writePrivate(staffPath, staff);
  }
  if (!existsSync(customersPath)) {
    onProgress('Customers');
    customers = await seedCustomers(fast, random, { referrerId: staff.find(({ email }) => email === 'reviewer1@example.com')?.userId });
    writePrivate(customersPath, customers.map(told));
  }
  if (customers.length === 0) return nothingMore;
  return async () => {
    await seedHistory(fast, { customers, staff, random });
    await seedTeams(fast, { staff });
    await seedRequests(fast, { customers, staff });
    await seedTickets(fast, { customers, staff });
    await seedShops(fast, { customers, staff, random });
    writePrivate(customersPath, customers.map(told));
  };
}

const nothingMore: SeedRest = () => Promise.resolve();

function told({ userId: _, registeredAt: __, ...person }: SeededCustomer) {
  return person;
}

/** One password for all demo staff: made for this installation, hashed once. */
async function seedStaff(deps: CommandDeps): Promise<StaffFile> {
  const password = newPassword();
  return inGroups(demoStaff, async ({ role, isLead, ...person }) => {
    const input = { ...person, password, grants: [{ role, isLead }], reason: demoGrantReason };
    const { output } = await runCommand(deps, systemCommands.createStaffAccount, { input });
    return { role: isLead ? `${role}_lead` : role, email: person.email, password, userId: output.userId };
  });
}

async function withAuthenticators(deps: CommandDeps, staff: StaffFile): Promise<StaffFile> {
  return inGroups(staff, async (person) => {
    if (person.totpSecret || !person.userId) return person;
    const { output } = await runCommand(deps, systemCommands.enrolTotpFor, { input: { userId: person.userId } });
    return { ...person, totpSecret: output.secret };
  });
}

/** 60 bits in groups of four: long enough for staff, short enough to type. */
function newPassword(): string {
  const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';
  const letters = [...randomBytes(16)].map((byte) => alphabet[byte % alphabet.length] ?? 'x').join('');
  return `${letters.slice(0, 4)}-${letters.slice(4, 8)}-${letters.slice(8, 12)}-${letters.slice(12)}`;
}

/** Demo staff share a password, and so do demo customers: hashing and checking it once is enough; the hash is a real one. */
function withRememberedPasswords(deps: CommandDeps): CommandDeps {
  const hashes = new Map<string, Promise<string>>();
  const checks = new Map<string, ReturnType<CommandDeps['hasher']['verify']>>();
  const remember = <T>(known: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> => {
    const made = known.get(key) ?? make();
    known.set(key, made);
    return made;
  };
  return {
    ...deps,
    hasher: {
      ...deps.hasher,
      hash: (password) => remember(hashes, password, () => deps.hasher.hash(password)),
      verify: (password, stored) => remember(checks, `${password} ${stored}`, () => deps.hasher.verify(password, stored)),
    },
  };
}

function readStaff(path: string): StaffFile {
  return existsSync(path) ? staffFile.parse(JSON.parse(readFileSync(path, 'utf8'))) : [];
}

/** Written aside and renamed: a reader sees the whole file or none. */
function writePrivate(path: string, content: unknown): void {
  mkdirSync(join(path, '..'), { recursive: true });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, path);
}
