import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** What is played after the application answers, in this order: what people look for first comes first. */
export const sceneNames = ['teams', 'requests', 'tickets', 'history', 'shops'] as const;
export type SceneName = (typeof sceneNames)[number];

const staff = z.array(
  z.object({ role: z.string(), email: z.string(), password: z.string(), totpSecret: z.string().optional(), userId: z.string().optional() }),
);
export type StaffFile = z.infer<typeof staff>;

const passkey = z.object({
  ...{ credentialId: z.string(), privateKey: z.string(), userHandle: z.string(), rpId: z.string(), signCount: z.literal(0) },
});
const customers = z.array(
  z.object({
    userId: z.string(),
    kind: z.enum(['client', 'vendor']),
    email: z.string().optional(),
    phone: z.string().optional(),
    firstName: z.string(),
    lastName: z.string(),
    /** None with Google. */
    password: z.string().optional(),
    googleSubject: z.string().optional(),
    totpSecret: z.string().optional(),
    passkey: passkey.optional(),
    /** What was done to the person. */
    state: z.string(),
    registeredAt: z.coerce.date(),
  }),
);
export type SeededCustomer = z.infer<typeof customers>[number];

/** The files in DATA_DIR that tell how to be the people of the demo, and how far the demo was made. Mode 600. */
export function demoFiles(dataDir: string) {
  return {
    staff: demoFile(join(dataDir, 'demo-staff.json'), staff),
    customers: demoFile(join(dataDir, 'demo-customers.json'), customers),
    scenes: demoFile(join(dataDir, 'demo-scenes.json'), z.array(z.enum(sceneNames))),
  };
}

/** Whether a start has nothing of the demo left to make: everyone is there, in the lab with an authenticator, and every scene was played. */
export function isDemoComplete(dataDir: string, mode: 'demo' | 'lab'): boolean {
  const files = demoFiles(dataDir);
  const people = files.staff.read();
  const areEnrolled = mode === 'demo' || people.every((person) => person.totpSecret !== undefined);
  return people.length > 0 && areEnrolled && files.scenes.read().length === sceneNames.length;
}

function demoFile<T>(path: string, shape: z.ZodType<T[]>) {
  return {
    exists: () => existsSync(path),
    /** Empty where there is none, and for a file of another release, which tells nothing. */
    read: (): T[] => (existsSync(path) ? (shape.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data ?? []) : []),
    /** Written aside and renamed: a reader sees the whole file or none. */
    write(content: readonly T[]) {
      mkdirSync(join(path, '..'), { recursive: true });
      const draft = `${path}.${process.pid}`;
      writeFileSync(draft, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
      renameSync(draft, path);
    },
  };
}
