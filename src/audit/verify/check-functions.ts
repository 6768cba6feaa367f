import type { Problem, Rows } from './doctor-problems.ts';
import { readMigratedFunctions } from './migration-functions.ts';

const schemas = "('audit', 'identity', 'platform', 'support')";

/** Functions that somebody replaced, gave away or opened: the history is only as good as the code that writes it. */
export async function checkFunctions(rows: Rows): Promise<Problem[]> {
  const migrated = readMigratedFunctions();
  const installed = await rows<{ name: string; source: string; owner: string; isOpen: boolean }>(
    `SELECT n.nspname || '.' || p.proname AS name, p.prosrc AS source, pg_get_userbyid(p.proowner) AS owner,
            p.prosecdef AND NOT coalesce(p.proconfig::text LIKE '%search_path=%', false) AS "isOpen"
       FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
      WHERE n.nspname IN ${schemas} AND p.proname NOT LIKE 'capture\\_\\_%' ORDER BY 1`,
  );
  return installed.flatMap(({ name, source, owner, isOpen }): Problem[] => {
    const problems: Problem[] = [];
    const texts = migrated.bodies.get(name);
    if (!texts && !migrated.parsed.has(name)) problems.push({ kind: 'function_changed', subject: name, detail: 'no migration makes it' });
    else if (source !== '' && !texts?.has(source))
      problems.push({ kind: 'function_changed', subject: name, detail: 'its text is not that of the migrations' });
    if (name.startsWith('audit.') && owner !== 'audit_owner')
      problems.push({ kind: 'function_owner', subject: name, detail: `it belongs to ${owner}` });
    if (isOpen) problems.push({ kind: 'function_changed', subject: name, detail: 'it runs as its owner without a fixed search path' });
    return problems;
  });
}

/** Who may call what, against the GRANTs of the migrations. */
export async function checkFunctionGrants(rows: Rows): Promise<Problem[]> {
  const { grants } = readMigratedFunctions();
  const found = await rows<{ name: string; role: string }>(
    `SELECT DISTINCT n.nspname || '.' || p.proname AS name, CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee) END AS role
       FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace AND n.nspname = 'audit',
            aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS a
      WHERE a.grantee <> p.proowner ORDER BY 1, 2`,
  );
  const given = new Set(found.map(({ name, role }) => `${name} ${role}`));
  const isCapture = (name: string) => name.startsWith('audit.capture__');
  const surplus = found.filter(({ name, role }) => !grants.has(`${name} ${role}`) && !(isCapture(name) && role === 'migrator'));
  const names = new Set(found.map(({ name }) => name));
  const missing = [...grants].filter(([one, { name }]) => !given.has(one) && names.has(name));
  return [
    ...surplus.map(({ name, role }): Problem => ({ kind: 'grant_wrong', subject: name, detail: `${role} may call it` })),
    ...missing.map(([, { name, role }]): Problem => ({ kind: 'grant_missing', subject: name, detail: `${role} may not call it` })),
  ];
}
