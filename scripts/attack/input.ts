import { attack, expectOutcome, type Family, insist, outcomeOf, textAt } from './case.ts';
import { api, type Ground } from './ground.ts';

const password = 'Adire-lantern-29-cloth';
const json = { 'Content-Type': 'application/json' };
const raw = (ground: Ground, body: string | Buffer, headers: Record<string, string> = json) =>
  ground.target.ask('POST', `${api}/auth/otp/verify`, { raw: body, headers });

export const inputFamily: Family = {
  name: 'input',
  cases: [
    attack('bodies that two readers read differently', ['1.5.2', '2.2.1', '4.1.1'], async (ground) => {
      const broken = [
        '{',
        '[]',
        '"x"',
        'null',
        '{"flowId":"a","flowId":"b","code":"123456"}',
        '\ufeff{}',
        `${'{"a":'.repeat(40)}1${'}'.repeat(40)}`,
      ];
      for (const body of [...broken, Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d])])
        expectOutcome(await raw(ground, body), '400 malformed_json', body.toString().slice(0, 30));
      expectOutcome(await raw(ground, `{"code":"${'x'.repeat(16_400)}"}`), '413 body_too_large', 'a body over 16 KiB');
      for (const type of ['text/plain', 'application/xml', 'application/json; charset=utf-16', 'multipart/form-data'])
        expectOutcome(await raw(ground, '{}', { 'Content-Type': type }), '415 unsupported_media_type', type);
      expectOutcome(await raw(ground, '{}', { ...json, 'Content-Encoding': 'gzip' }), '415 unsupported_media_type', 'a compressed body');
    }),
    attack('mass assignment and prototype pollution', ['15.3.3', '15.3.6', '8.2.3'], async (ground) => {
      const { accessToken } = await ground.newPerson();
      const account = await ground.shop('GET', `${api}/account`, { accessToken });
      const etag = account.headers.etag ?? '';
      for (const name of [
        'role',
        'id',
        'memberId',
        'email',
        'phone',
        'emailVerified',
        'authMethod',
        'status',
        'version',
        'isAdmin',
        'constructor',
      ]) {
        const answer = await ground.shop('PATCH', `${api}/account`, { body: { [name]: 'x' }, accessToken, headers: { 'If-Match': etag } });
        expectOutcome(answer, '422 unknown_field', `PATCH ${name}`);
      }
      expectOutcome(await raw(ground, '{"__proto__":{"code":"123456"},"flowId":"x","code":"123456"}'), '422 unknown_field', '__proto__');
    }),
    attack('roles that nobody may choose', ['8.2.1', '8.2.3'], async (ground) => {
      for (const role of ['admin', 'staff', 'super_admin', 'ADMIN', 'client,admin', ''])
        expectOutcome(
          await ground.post('/auth/register', { email: ground.newEmail(), password, role }),
          ['422 role_not_allowed', '422 invalid_value'],
          role,
        );
    }),
    attack('addresses that reach somebody else', ['1.3.11', '2.2.1'], async (ground) => {
      const evil = [
        'a@example.com,b@example.com',
        'a@example.com\r\nBcc: b@example.com',
        '"a b"@example.com',
        '<a@example.com>',
        'ａ@example.com',
        'a＠example.com',
        'a@еxample.com',
        'a@b@example.com',
      ];
      for (const email of evil) {
        for (const path of ['/auth/register', '/auth/password/forgot', '/auth/otp/send']) {
          const answer = await ground.post(path, { email, password: path === '/auth/register' ? password : undefined });
          insist(
            answer.status === 422 || (answer.status === 404 && path.endsWith('/forgot')),
            `${path} with ${JSON.stringify(email)}: ${outcomeOf(answer)}`,
          );
        }
      }
    }),
    attack('injection through every text', ['1.2.4', '1.2.5', '16.5.1'], async (ground) => {
      const texts = ["' OR '1'='1", '"; DROP TABLE users; --', '#{7*7}', '{{7*7}}', '$(id)', '../../../etc/passwd', '%00', '{"$ne":null}'];
      for (const text of texts) {
        const answers = [
          await ground.post('/auth/login', { email: 'demo-1@example.com', password: text }),
          await ground.post('/auth/otp/verify', { flowId: text, code: '123456' }),
          await ground.post('/auth/token/refresh', { refreshToken: text }),
          await ground.target.ask('GET', `${api}/reference/countries?q=${encodeURIComponent(text)}`),
          await ground.target.ask('GET', `${api}/reference/countries/${encodeURIComponent(text)}`),
        ];
        for (const answer of answers)
          insist(
            answer.status < 500 && !/syntax|prisma|postgres|\.ts:/i.test(answer.text),
            `${text}: ${answer.status} ${answer.text.slice(0, 120)}`,
          );
      }
      const injected = await ground.post('/auth/login', { email: { $ne: null }, password: { $ne: null } });
      expectOutcome(injected, ['422 validation_failed', '422 invalid_type'], 'objects in place of strings');
    }),
    attack('every spelling of one address is one account', ['2.2.2', '6.3.2'], async (ground) => {
      const { email } = await ground.newPerson();
      for (const spelling of [email.toUpperCase(), ` ${email} `]) {
        const answer = await ground.logIn({ email: spelling, password });
        expectOutcome(answer, '200', spelling);
        insist(textAt(answer, 'user.id') !== '', 'no user');
      }
    }),
    attack('passwords: short, common, similar, over-long', ['6.2.1', '6.2.4', '6.2.9', '6.2.11'], async (ground) => {
      const email = ground.newEmail();
      const refused: [string, string][] = [
        ['short', '422 password_too_short'],
        ['password1234', '422 password_breached'],
        [email.split('@')[0] ?? '', '422 password_too_similar'],
        ['x'.repeat(129), '422 password_too_long'],
      ];
      for (const [text, expected] of refused)
        expectOutcome(await ground.post('/auth/register', { email, password: text }), expected, text.slice(0, 20));
      expectOutcome(
        await ground.post('/auth/register', { email: ground.newEmail(), password: `${'漢字 ¡Ünïcode! '.repeat(9)}` }),
        '202',
        'a long pass phrase of any script',
      );
    }),
  ],
};
