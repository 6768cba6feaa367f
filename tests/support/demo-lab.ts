import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { z } from 'zod';
import { watch } from '../../scripts/screens/faults.ts';
import { type Settled, settling, signIn } from '../../scripts/screens/page.ts';
import type { App } from '../../src/app.ts';
import { type Lab, startLab } from './lab.ts';

const staffFile = z.array(z.object({ role: z.string(), email: z.string(), password: z.string(), totpSecret: z.string().optional() }));
export type DemoStaff = z.infer<typeof staffFile>[number];

/** The lab with all of its demo data, as `npm run start:lab` has it. `then` may add to it before it starts. */
export async function startDemoLab(then?: (app: App) => Promise<void>): Promise<Lab & { person(role: string): DemoStaff }> {
  const lab = await startLab(
    async (app) => {
      const finish = await app.seed();
      await finish();
      await then?.(app);
    },
    { RATE_LIMIT_SCALE: '1000' },
  );
  const staff = staffFile.parse(JSON.parse(readFileSync(join(lab.dataDir, 'demo-staff.json'), 'utf8')));
  return {
    ...lab,
    person(role) {
      const found = staff.find((person) => person.role === role);
      if (!found) throw new Error(`No demo account is ${role}`);
      return found;
    },
  };
}

/** A page on which that person is signed in; `problems` fills with whatever the browser complains of. */
export async function openAs(
  browser: Browser,
  origin: string,
  person: DemoStaff,
): Promise<{ page: Page; settled: Settled; problems: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, colorScheme: 'light' });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const problems: string[] = [];
  watch(page, origin, problems);
  const settled = settling(page);
  await signIn(page, origin, person);
  await settled.settle();
  return { page, settled, problems };
}
