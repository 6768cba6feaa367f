import { randomBytes } from 'node:crypto';
import type { CommandDeps } from '../../src/foundation/command/command.ts';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import { fillBannedWords, fillCategories } from '../../src/modules/catalog/index.ts';
import { demoGrantReason, systemCommands } from '../../src/modules/identity/index.ts';
import { fillCountries } from '../../src/modules/reference/index.ts';
import { seedCustomers } from './customers.ts';
import { demoFiles, type SceneName, type SeededCustomer, type StaffFile, sceneNames } from './demo-files.ts';
import { seedHistory } from './history.ts';
import { inGroups } from './in-groups.ts';
import { demoStaff } from './people.ts';
import { createRandom, type Random } from './random.ts';
import { quietly } from './request-scene.ts';
import { seedRequests } from './requests.ts';
import { seedShops } from './shops.ts';
import { seedTeams } from './teams.ts';
import { seedTickets } from './tickets.ts';

/** What of the demo may follow once the application answers. */
export type SeedRest = () => Promise<void>;

/**
 * Demo people (product.md section 10), once per database, all through commands, and the two files that tell how to be them,
 * mode 600. In lab mode, where a second factor is forced, staff get one. Gives back the rest: weeks of sign-ins, locks and notes.
 */
export async function seedDemo(deps: CommandDeps, onProgress: (line: string) => void): Promise<SeedRest> {
  const { dataDir, mode } = deps.config;
  const files = demoFiles(dataDir);
  await fillCountries(deps);
  await fillCategories(deps);
  await fillBannedWords(deps);
  const fast = withRememberedPasswords(deps);
  let staff = files.staff.read();
  if (staff.length === 0 && (await deps.database.prisma.user.count()) > 0) {
    onProgress('The database holds people already: no demo data added');
    return nothingMore;
  }
  if (staff.length === 0) {
    onProgress('Staff');
    staff = await seedStaff(fast);
    files.staff.write(staff);
  }
  if (mode === 'lab' && staff.some((person) => !person.totpSecret)) {
    onProgress('Authenticators of staff');
    staff = await withAuthenticators(deps, staff);
    files.staff.write(staff);
  }
  if (!files.customers.exists()) {
    onProgress('Customers');
    const referrerId = staff.find(({ email }) => email === 'reviewer1@example.com')?.userId;
    files.customers.write(await seedCustomers(fast, createRandom(seedNumber), { referrerId }));
  }
  const customers = files.customers.read();
  return async () => {
    const played = files.scenes.read();
    for (const [index, name] of sceneNames.entries()) {
      if (played.includes(name)) continue;
      // A start that was cut off meets what it did before: then what can be added is.
      await quietly(() => scenes[name](fast, { customers, staff, random: createRandom(seedNumber + index + 1) }));
      files.customers.write(customers);
      played.push(name);
      files.scenes.write(played);
    }
  };
}

const seedNumber = 20_260_115;

type Cast = { customers: SeededCustomer[]; staff: StaffFile; random: Random };

const scenes: Readonly<Record<SceneName, (deps: CommandDeps, cast: Cast) => Promise<void>>> = {
  teams: seedTeams,
  requests: seedRequests,
  tickets: seedTickets,
  shops: seedShops,
  history: seedHistory,
};

const nothingMore: SeedRest = () => Promise.resolve();

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
