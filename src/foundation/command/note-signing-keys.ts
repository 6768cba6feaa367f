import { z } from 'zod';
import { runInContext, systemContext } from '../runtime/request-context.ts';
import { type CommandDeps, defineCommand } from './command.ts';
import { runCommand } from './run-command.ts';

/** What the register knows of one signing key. Times are those of the first process that served it so. */
export type RegisteredKey = { kid: string; publishedAt: Date; activatedAt: Date | null; retiredAt: Date | null };

const input = z.strictObject({ current: z.string(), kids: z.array(z.string()) });

/** Enters into the register which keys this process publishes, which one signs, and which one signs no more. */
const noteSigningKeys = defineCommand<z.infer<typeof input>, Record<string, never>>({
  name: 'note-signing-keys',
  resource: 'key',
  access: 'system',
  input,
  isIdempotent: false,
  async run(scope, { current }) {
    const { tx, now, deps } = scope;
    for (const jwk of deps.accessTokens.jwks().keys) {
      await tx.$executeRaw`
        INSERT INTO platform.signing_key (kid, public_jwk, published_at, created_at, updated_at)
        VALUES (${jwk.kid}, ${JSON.stringify(jwk)}::jsonb, ${now}::timestamptz, ${now}::timestamptz, ${now}::timestamptz)
        ON CONFLICT (kid) DO NOTHING`;
    }
    await tx.$executeRaw`
      UPDATE platform.signing_key SET activated_at = ${now}::timestamptz, retired_at = NULL, updated_at = ${now}::timestamptz, version = version + 1
       WHERE kid = ${current} AND (activated_at IS NULL OR retired_at IS NOT NULL)`;
    await tx.$executeRaw`
      UPDATE platform.signing_key SET retired_at = ${now}::timestamptz, updated_at = ${now}::timestamptz, version = version + 1
       WHERE kid <> ${current} AND activated_at IS NOT NULL AND retired_at IS NULL`;
    scope.note(`${current} signs`);
    return {};
  },
});

/** At the start of a web process: enters what is new about its signing keys; on an unchanged list this is one look. */
export async function registerSigningKeys(deps: CommandDeps): Promise<void> {
  const kids = deps.accessTokens.jwks().keys.map((key) => key.kid);
  const [current] = kids;
  if (current === undefined) return;
  const known = new Map((await registeredKeys(deps)).map((key) => [key.kid, key]));
  const signing = [...known.values()].filter((key) => key.activatedAt !== null && key.retiredAt === null).map((key) => key.kid);
  if (kids.every((kid) => known.has(kid)) && signing.length === 1 && signing[0] === current) return;
  await runInContext(systemContext('start', 'cli'), () => runCommand(deps, noteSigningKeys, { input: { current, kids } }));
}

export async function registeredKeys(deps: Pick<CommandDeps, 'database'>): Promise<RegisteredKey[]> {
  const { rows } = await deps.database.pool.query<RegisteredKey>(
    `SELECT kid, published_at AS "publishedAt", activated_at AS "activatedAt", retired_at AS "retiredAt" FROM platform.signing_key ORDER BY published_at, kid`,
  );
  return rows;
}
