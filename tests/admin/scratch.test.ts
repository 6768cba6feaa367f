import { chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BackOffice, password, startBackOffice } from './support/back-office.ts';

let office: BackOffice;
beforeAll(async () => {
  office = await startBackOffice();
}, 60000);
afterAll(() => office?.stop());

test('scratch', async () => {
  const admin = await office.addStaff('super_admin', { hasTotp: true });
  const client = await office.signedIn(admin);
  for (const path of [
    '/admin/api/me',
    '/admin/api/waiting',
    '/admin/api/resources/Country/actions/list?perPage=2',
    '/admin/api/resources/User/actions/list',
    '/admin/api/resources/Grant/actions/list',
    '/admin/api/dashboard',
    '/admin/api/pages/failing',
    '/admin/api/pages/failing?fail=1',
    '/admin',
    '/admin/account',
    '/admin/resources/Country',
  ]) {
    const a = await client.get(path);
    console.log(path, a.status, a.text.slice(0, 700));
  }
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const problems: string[] = [];
  page.on('console', (m) => {
    if (m.type() === 'error' || m.type() === 'warning') problems.push(`${m.type()} ${m.text()}`);
  });
  page.on('pageerror', (e) => problems.push(`pageerror ${e.message}`));
  page.on('requestfailed', (r) => problems.push(`failed ${r.url()}`));
  page.on('request', (r) => {
    if (!r.url().startsWith(office.origin) && !r.url().startsWith('data:')) problems.push(`foreign ${r.url()}`);
  });
  await page.goto(`${office.origin}/admin/resources/Country`);
  await page.screenshot({ path: '/tmp/shots/login.png' });
  await page.fill('#email', admin.email);
  await page.fill('#password', password);
  await page.click('button[type=submit]');
  await page.waitForURL('**/mfa**');
  await page.screenshot({ path: '/tmp/shots/mfa.png' });
  await page.fill('#code', office.codeFor(admin));
  await page.click('button.fs-button-primary');
  await page.waitForSelector('table', { timeout: 8000 }).catch(() => undefined);
  await page.waitForTimeout(300);
  await page.screenshot({ path: '/tmp/shots/list.png' });
  await page.click('.fs-row-link').catch(() => undefined);
  await page.waitForSelector('.fs-facts', { timeout: 5000 }).catch(() => undefined);
  await page.screenshot({ path: '/tmp/shots/record.png' });
  await page.click('.fs-rail-button').catch(() => undefined);
  await page.waitForTimeout(700);
  await page.screenshot({ path: '/tmp/shots/dialog.png' });
  await page.keyboard.press('Escape');
  await page.goto(`${office.origin}/admin`);
  await page.waitForSelector('.fs-cards', { timeout: 5000 }).catch(() => undefined);
  await page.screenshot({ path: '/tmp/shots/dashboard.png' });
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.goto(`${office.origin}/admin/resources/Country`);
  await page.waitForSelector('table');
  await page.screenshot({ path: '/tmp/shots/list-dark.png' });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.screenshot({ path: '/tmp/shots/list-390.png' });
  await page.click('.fs-menu-button');
  await page.waitForTimeout(250);
  await page.screenshot({ path: '/tmp/shots/menu-390.png' });
  await page.goto(`${office.origin}/admin/account`);
  await page.screenshot({ path: '/tmp/shots/account-390.png' });
  console.log(problems);
  await browser.close();
  expect(problems).toEqual([]);
}, 60000);
