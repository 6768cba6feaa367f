/**
 * One batch of made-up history in SQL: clicks $1 to $2 (excluded), each `eventsPerClick` changes and an action, with values, leaves and
 * search rows. Everything is computed from the number of the click, so that a database of a size is always the same; nothing is
 * sealed for real: leaves are hashes of ids. $3: time of click 0, $4: microseconds from click to click, $5: clicks in all.
 */
export const eventsPerClick = 4;

/** A record with many versions, and a word that stands in 25 clicks whatever the size. */
export const hotRecord = '01900000-0000-7000-8000-00000000cafe';
export const rareWord = 'quixotic';
export const rareClicks = 25;
export const hotVersions = 10_000;

const pick = (list: string, seed: string) => `(ARRAY[${list}])[1 + abs(hashint8(${seed})::bigint) % ${list.split(',').length}]`;
const names = `'Ngozi','Chioma','Emeka','Tunde','Bola','Kemi','Amara','Femi','Zainab','Halima','Obinna','Ife','Sade','Uche','Yemi','Dayo','Ada','Musa','Hauwa','Segun'`;
const words = `'Kente','Ankara','Adire','Aso Oke','Lace','Velvet','Linen','Denim','Batik','Damask','Silk','Cotton','Wool','Jersey','Satin','Chiffon'`;
const clicksOf = `'update-account','unlock-user','suspend-user','add-note','log-in','refresh-session','grant-role','approve-vendor','reveal-contact','edit-vendor'`;
const tables = `'identity.user','identity.client','identity.session','identity.vendor','support.note','notifications.delivery','identity.vendor_settings','identity.staff_role_grant'`;

/** RFC 9562 version 7 as to its form: 48 bits of time, the rest from a hash. */
const uuid7 = (at: string, seed: string) =>
  `(lpad(to_hex((extract(epoch FROM ${at}) * 1000)::bigint), 12, '0') || '7' || substr(md5(${seed}), 1, 3) || '8' || substr(md5(${seed}), 4, 15))::uuid`;

export const makeClicks = `
CREATE TEMP TABLE click ON COMMIT DROP AS
SELECT c.n, c.at, ${uuid7('c.at', `'click' || c.n`)} AS id, md5('actor' || abs(hashint8(c.n)) % 300)::uuid AS actor,
       ${pick(clicksOf, 'c.n + 7')} AS act, ${pick(`'support','support','admin','reviewer','finance','auditor'`, 'c.n + 11')} AS role,
       CASE WHEN abs(hashint8(c.n + 13)) % 100 = 0 THEN 'denied' WHEN abs(hashint8(c.n + 17)) % 150 = 0 THEN 'error' ELSE 'ok' END AS outcome,
       c.n % greatest($5::bigint / ${rareClicks}, 1) = 0 AND c.n / greatest($5::bigint / ${rareClicks}, 1) < ${rareClicks} AS is_rare,
       c.n % greatest($5::bigint * ${eventsPerClick} / least(${hotVersions}, $5::bigint * ${eventsPerClick} / 10), 1) = 0 AS is_hot,
       md5('record' || abs(hashint8(c.n + 19)) % greatest($5::bigint / 5, 1))::uuid AS record
  FROM (SELECT n, $3::timestamptz + n * $4::bigint * interval '1 microsecond' AS at FROM generate_series($1::bigint, $2::bigint - 1) AS n) AS c`;

export const makeChanges = `
CREATE TEMP TABLE change ON COMMIT DROP AS
SELECT c.n, e.k, c.id AS click, c.at AS click_at, c.actor, c.act, c.role, c.outcome, c.is_rare,
       c.at - (${eventsPerClick} - e.k) * interval '200 microseconds' AS at, ${uuid7('c.at', `'event' || c.n || '.' || e.k`)} AS id,
       CASE WHEN c.is_hot AND e.k = 1 THEN 'identity.vendor' ELSE ${pick(tables, 'c.n * 5 + e.k')} END AS tbl,
       CASE WHEN c.is_hot AND e.k = 1 THEN '${hotRecord}' ELSE c.record::text END AS rec,
       ${pick(names, 'c.n + e.k')} AS name, ${pick(words, 'c.n * 3 + e.k')} AS word
  FROM click AS c CROSS JOIN generate_series(1, ${eventsPerClick}) AS e (k)`;

const fieldOf = `CASE WHEN tbl = 'identity.vendor' THEN 'store_name' WHEN tbl = 'support.note' THEN 'body' ELSE 'first_name' END`;

/** In the order of their leaves: the changes of a click, then its action. */
export const insertBatch: readonly string[] = [
  `INSERT INTO audit.event (occurred_at, id, txid, action_id, actor_id, subject_id, epoch, op, tbl, record_id, actor_type, db_user, changed, value_commit,
                            snapshot_commit)
   SELECT at, id, (1000 + n)::text::xid8, click, actor, CASE WHEN tbl LIKE 'identity.%' THEN rec::uuid END, 1, 2, tbl, rec, 'staff', 'app_web',
          ARRAY[${fieldOf}], sha256(id::text::bytea), CASE WHEN rec = '${hotRecord}' THEN sha256(('picture' || id)::bytea) END FROM change`,
  `INSERT INTO audit.action (occurred_at, id, txid, request_id, actor_id, epoch, ms, record_count, mfa, outcome, door, actor_type, resource, action,
                             error_code, actor_roles, record_ids, value_commit)
   SELECT at, id, (1000 + n)::text::xid8, id, actor, 1, 12, 1, true, outcome, 'admin', 'staff', split_part(act, '-', 2), act,
          CASE WHEN outcome = 'ok' THEN NULL ELSE 'forbidden' END, ARRAY[role], ARRAY[record::text], sha256(id::text::bytea) FROM click`,
  `INSERT INTO audit.value (occurred_at, row_id, subject_id, salt, body)
   SELECT at, id, CASE WHEN tbl LIKE 'identity.%' THEN rec::uuid END, decode(md5(id::text), 'hex'),
          json_build_object(${fieldOf}, json_build_array(name || ' & ' || word || ' ' || n % 9973, name || ' & ' || word || ' House ' || n % 9967))::text
     FROM change`,
  `INSERT INTO audit.value (occurred_at, row_id, salt, body)
   SELECT at, id, decode(md5(id::text), 'hex'), '{"ip":"102.89.23.0/24","path":"/admin/api/resources/User/records/:recordId/show","reason":"customer_request: called from the number on file","ua":"Mozilla/5.0 (X11; Linux x86_64) Chrome/150.0.0.0 Safari/537.36"}'
     FROM click`,
  `INSERT INTO audit.snapshot (occurred_at, row_id, subject_id, tbl, record_id, salt, body)
   SELECT at, id, rec::uuid, tbl, rec, decode(md5(id::text), 'hex'),
          json_build_object('id', rec, 'status', 'active', 'store_name', name || ' & ' || word || ' House ' || n % 9967, 'tier', 'standard')::text
     FROM change WHERE rec = '${hotRecord}'`,
  `INSERT INTO audit.leaf (seq, row_id, occurred_at, kind, leaf)
   SELECT n * ${eventsPerClick + 1} + k - 1, id, at, 1, sha256(id::text::bytea) FROM change
   UNION ALL SELECT n * ${eventsPerClick + 1} + ${eventsPerClick}, id, at, 2, sha256(id::text::bytea) FROM click`,
  `INSERT INTO audit.search (occurred_at, click_at, row_id, click_id, actor_id, subject_id, kind, tbl, action, tags, text)
   SELECT at, click_at, id, click, actor, CASE WHEN tbl LIKE 'identity.%' THEN rec::uuid END, 1, tbl, act,
          ARRAY['out:' || outcome, 'door:admin', 'type:staff', 'res:' || split_part(act, '-', 2), 'act:' || act, 'role:' || role, 'country:NG', 'about:' || rec,
                'tbl:' || tbl, 'field:' || ${fieldOf}, 'field:' || tbl || '.' || ${fieldOf}],
          lower('changed ' || replace(split_part(tbl, '.', 2), '_', ' ') || ' ' || replace(${fieldOf}, '_', ' ') || ' ' || name || ' & ' || word || ' ' || n % 9973 || ' House')
            || CASE WHEN is_rare AND k = 1 THEN ' ${rareWord}' ELSE '' END
     FROM change`,
  `INSERT INTO audit.search (occurred_at, click_at, row_id, click_id, actor_id, kind, action, tags, text)
   SELECT at, at, id, id, actor, 2, act,
          ARRAY['out:' || outcome, 'door:admin', 'type:staff', 'res:' || split_part(act, '-', 2), 'act:' || act, 'role:' || role, 'country:NG', 'about:' || record,
                'req:' || id],
          replace(act, '-', ' ') || ' ' || outcome || ' customer request: called from the number on file' FROM click`,
  `INSERT INTO audit.enrichment (row_id, country, device, browser, os) SELECT id, 'NG', 'desktop', 'Chrome', 'Linux' FROM click`,
];
