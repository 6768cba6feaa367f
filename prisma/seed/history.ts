import type { CommandDeps, Reason } from '../../src/foundation/command/command.ts';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import { sha256 } from '../../src/foundation/crypto/digest.ts';
import { AppError } from '../../src/foundation/errors/app-error.ts';
import type { StaffActor } from '../../src/foundation/runtime/actor.ts';
import { addSeconds } from '../../src/foundation/runtime/clock.ts';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { type RequestContext, runInContext } from '../../src/foundation/runtime/request-context.ts';
import { commands, staffCommands } from '../../src/modules/identity/index.ts';
import { commands as supportCommands } from '../../src/modules/support/index.ts';
import type { SeededCustomer } from './demo-files.ts';
import { inGroups } from './in-groups.ts';
import { browsers, places } from './people.ts';
import type { Random } from './random.ts';

type Cast = {
  customers: SeededCustomer[];
  staff: readonly { role: string; email: string; userId?: string | undefined }[];
  random: Random;
};

const signIns = 160;
const spanMs = 28 * 86_400_000;
/** Nothing in the last two hours, so that old failures do not count against a newcomer who tries an account. */
const quietMs = 7_200_000;
const [lagos, abuja, ibadan, accra, london] = places.map((place) => place.ip);

/** Sign-ins of the last four weeks, two people locked out just now, two suspended, a few notes: each by its command. */
export async function seedHistory(deps: CommandDeps, cast: Cast): Promise<void> {
  const { customers, random } = cast;
  const now = deps.clock.now();
  const withPassword = customers.filter(({ password }) => password !== undefined);
  const attempts = Array.from({ length: signIns }, () => {
    const person = withPassword[random.below(withPassword.length)];
    const since = Math.max(person?.registeredAt.getTime() ?? 0, now.getTime() - spanMs);
    return {
      person,
      at: new Date(since + random.next() * (now.getTime() - quietMs - since)),
      isRight: random.next() > 0.15,
      ip: random.pick([lagos, abuja, ibadan, lagos, accra, london]),
      userAgent: random.pick(browsers),
    };
  });
  await inGroups(
    attempts.toSorted((a, b) => a.at.getTime() - b.at.getTime()),
    (attempt) => signIn(deps, attempt),
  );
  await Promise.all([customers[2], customers[30]].map((person) => person && lockOut(deps, person)));
  await suspendTwo(deps, cast);
  await writeNotes(deps, cast);
}

type Attempt = { person: SeededCustomer | undefined; at: Date; isRight: boolean; ip: string | undefined; userAgent: string };

async function signIn(deps: CommandDeps, { person, at, isRight, ip, userAgent }: Attempt): Promise<void> {
  if (!person || !ip) return;
  const context: RequestContext = {
    requestId: newId(),
    door: 'api',
    ip,
    userAgent,
    path: '/api/v1/auth/login',
    clientId: 'public',
    actor: { kind: 'anonymous' },
    action: null,
  };
  const input = {
    ...(person.email ? { email: person.email } : { phone: person.phone }),
    password: isRight ? person.password : 'not the password',
    client: { clientId: 'public', mode: 'body' },
    device: { token: null },
  };
  const then = { ...deps, clock: { now: () => at } };
  // A refused sign-in is what a wrong password is for; anything else is a fault of the seed.
  await runInContext(context, () => runCommand(then, commands.logIn, { input })).catch((error: unknown) => {
    if (!(error instanceof AppError) || error.status >= 500) throw error;
  });
}

/** Strangers guess from many addresses, and again each time the wait is over: the last wait is of fifteen minutes. */
async function lockOut(deps: CommandDeps, person: SeededCustomer): Promise<void> {
  const now = deps.clock.now();
  for (const [n, secondsAgo] of guesses.entries()) {
    await signIn(deps, {
      person,
      at: addSeconds(now, -secondsAgo),
      isRight: false,
      ip: `105.112.${40 + n}.${7 + n}`,
      userAgent: browsers[0],
    });
  }
  person.state = 'locked for strangers';
}

/** Ten at once, one after each wait of 1, 2, 4 and 8 minutes, and one that is turned away. */
const guesses = [930, 929, 928, 927, 926, 925, 924, 923, 922, 921, 860, 739, 498, 17, 5];

async function suspendTwo(deps: CommandDeps, cast: Cast): Promise<void> {
  const lead = actorOf(deps, cast, 'support_lead');
  const reasons: Reason[] = [
    { code: 'security', text: 'Several cards of other people were tried on this account' },
    { code: 'customer_request', text: 'Asked on the phone to pause the account for a month' },
  ];
  for (const [index, reason] of reasons.entries()) {
    const person = cast.customers[6 + index];
    if (!person || !lead) continue;
    await asStaff(lead, () => runCommand(deps, staffCommands.suspendUser, { input: { id: person.userId }, reason }));
    person.state = 'suspended';
  }
}

async function writeNotes(deps: CommandDeps, cast: Cast): Promise<void> {
  const support = actorOf(deps, cast, 'support');
  const texts = [
    'Called about a late delivery; told to expect it on Friday.',
    'Prefers to be called after 4 pm.',
    'Asked how to change the size on an order.',
  ];
  for (const [index, body] of texts.entries()) {
    const person = cast.customers[index * 4];
    if (person && support) await asStaff(support, () => runCommand(deps, supportCommands.addNote, { input: { id: person.userId, body } }));
  }
}

/** The demo colleague as the back office would know them after sign-in and a fresh factor. */
function actorOf(deps: CommandDeps, { staff }: Cast, role: 'support' | 'support_lead'): StaffActor | null {
  const person = staff.find((each) => each.role === role);
  if (!person?.userId) return null;
  return {
    kind: 'staff',
    id: person.userId,
    displayName: person.email,
    grants: [{ role: 'support', isLead: role === 'support_lead' }],
    sessionHash: sha256(person.userId),
    hasMfa: false,
    factorAt: deps.clock.now(),
  };
}

function asStaff<T>(actor: StaffActor, work: () => Promise<T>): Promise<T> {
  const place = places[0];
  const context: RequestContext = {
    requestId: newId(),
    door: 'admin',
    ip: place.ip,
    userAgent: browsers[2],
    path: null,
    clientId: null,
    actor,
    action: null,
  };
  return runInContext(context, work);
}
