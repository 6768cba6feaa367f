import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createApp } from '../src/app.ts';
import { type ArchiveFilter, readArchive } from '../src/audit/index.ts';
import { archiveFileName } from '../src/audit/proof/archive-format.ts';
import { recordAction } from '../src/foundation/command/action-row.ts';
import { runInContext, systemContext } from '../src/foundation/runtime/request-context.ts';
import { dataKeysOf } from '../src/modules/identity/index.ts';
import { operatorConfig } from './operator-config.ts';
import { PlainFailure, runScript } from './plain-failure.ts';

const usage = `npm run audit:archive -- --month YYYY-MM --reason TEXT [--record TBL:ID] [--subject ID]
  Prints the rows of an archived month, one JSON object a line, with what of their values still opens. The read is recorded first.`;

type Asked = { month: string; reason: string; filter: ArchiveFilter };

/** `npm run audit:archive`: what an archived month says, for whoever may read the database and holds the keys. */
async function print(): Promise<void> {
  const { month, reason, filter } = readOptions();
  const app = await createApp({ config: operatorConfig() });
  const { deps } = app;
  try {
    if (!existsSync(join(deps.config.auditArchiveDir, archiveFileName(month)))) {
      throw new PlainFailure(`There is no ${archiveFileName(month)} in ${deps.config.auditArchiveDir}.`);
    }
    const about = filter.subjectId ? { recordIds: [filter.subjectId] } : {};
    await runInContext(systemContext('operator', 'cli'), () =>
      recordAction(deps, {
        ...{ resource: 'audit', action: 'read-archive', outcome: 'read', note: month, reason: { code: 'other', text: reason } },
        ...about,
      }),
    );
    for await (const row of readArchive(deps, dataKeysOf, { month, filter })) process.stdout.write(`${JSON.stringify(row)}\n`);
  } finally {
    await app.stop();
  }
}

function readOptions(): Asked {
  const { month, reason, record, subject } = parsed();
  const [, table, id] = /^([a-z_]+\.[a-z_]+):(.+)$/.exec(record ?? '') ?? [];
  const isRecordBad = record !== undefined && !(table && id);
  if (!month || !/^\d{4}-\d\d$/.test(month) || !reason || reason.trim().length < 10 || isRecordBad) throw new PlainFailure(usage);
  return { month, reason: reason.trim(), filter: { subjectId: subject, record: table && id ? { table, id } : undefined } };
}

function parsed() {
  try {
    const text = { type: 'string' } as const;
    return parseArgs({ options: { month: text, reason: text, record: text, subject: text } }).values;
  } catch (error) {
    throw new PlainFailure(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
}

await runScript(print);
