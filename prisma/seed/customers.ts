import type { CommandDeps } from '../../src/foundation/command/command.ts';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import { AppError } from '../../src/foundation/errors/app-error.ts';
import { addSeconds } from '../../src/foundation/runtime/clock.ts';
import { systemCommands } from '../../src/modules/identity/index.ts';
import type { SeededCustomer } from './demo-files.ts';
import { inGroups } from './in-groups.ts';
import { demoCustomers } from './people.ts';
import type { Random } from './random.ts';

const daySeconds = 86_400;

/** The owner of the store that stands for a conflict of interest. */
export const referredVendor = 'demo-vendor05@example.com';

/** Registers everyone, spread over the last 80 days; every ninth has an authenticator, every thirteenth a passkey. */
export async function seedCustomers(
  deps: CommandDeps,
  random: Random,
  { referrerId }: { referrerId: string | undefined },
): Promise<SeededCustomer[]> {
  const password = `demo ${randomWords(random)}`;
  const now = deps.clock.now();
  const people = demoCustomers(random).map((person) => ({
    person,
    at: addSeconds(now, -Math.floor((4 + random.next() * 76) * daySeconds)),
  }));
  const seeded = await inGroups(people, async ({ person, at }, index) => {
    const then = { ...deps, clock: { now: () => at } };
    // One store was brought by a reviewer, who must not decide on it (F88).
    const referred = referrerId && person.email === referredVendor ? { referredById: referrerId } : {};
    const known = person.googleSubject ? {} : { password };
    const input = { ...person, ...known, countryCode: 'NG', ...referred };
    const made = await runCommand(then, systemCommands.registerVerified, { input }).catch(unlessKnown);
    if (!made) return null;
    const { output } = made;
    const customer: SeededCustomer = { ...person, userId: output.userId, ...known, state: 'active', registeredAt: at };
    if (index % 13 === 6) {
      const made = await runCommand(then, systemCommands.enrolPasskeyFor, { input: { userId: output.userId, name: 'Phone' } });
      customer.passkey = made.output;
    }
    if (index % 9 !== 4 || person.googleSubject) return customer;
    const enrolled = await runCommand(then, systemCommands.enrolTotpFor, { input: { userId: output.userId } });
    return { ...customer, totpSecret: enrolled.output.secret };
  });
  return seeded.filter((person) => person !== null);
}

/** A seed that was interrupted goes on with who is missing; nobody can tell the password of who is there. */
function unlessKnown(error: unknown): null {
  if (error instanceof AppError && error.code === 'already_exists') return null;
  throw error;
}

/** A phrase that passes the password rules and is easy to type. */
function randomWords(random: Random): string {
  return [
    random.pick(['green', 'amber', 'violet', 'crimson']),
    random.pick(['adire', 'ankara', 'kente', 'aso-oke']),
    random.pick(['river', 'market', 'garden', 'harbour']),
    String(100 + random.below(900)),
  ].join(' ');
}
