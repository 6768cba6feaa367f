import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { listJobs } from '../../src/admin/list-jobs.ts';
import { auditJobs, eraseSubjectJob, retentionJob } from '../../src/audit/index.ts';
import { withRuntimeJobs } from '../../src/foundation/jobs/job-runtime.ts';
import { queuePlanOf } from '../../src/foundation/jobs/queue-plan.ts';
import { catalogJobs } from '../../src/modules/catalog/index.ts';
import { dataKeysOf, identityJobs } from '../../src/modules/identity/index.ts';
import { notificationJobs, wasTold } from '../../src/modules/notifications/index.ts';
import { referenceJobs } from '../../src/modules/reference/index.ts';
import { caseJobs, retainKycJob } from '../../src/modules/review/index.ts';
import { executeErasuresJob, supportJobs } from '../../src/modules/support/index.ts';

/** Rows of the table in docs/background-jobs.md: queue or `prefix*`, retries, first wait. */
const rows = [...readFileSync('docs/background-jobs.md', 'utf8').matchAll(/^\| `([^`]+)` \|.*\| (\d+), (\d+) s \|/gm)].map(
  ([, queue, retries, wait]) => ({
    queue: queue ?? '',
    retries: Number(retries),
    waitSeconds: Number(wait),
  }),
);

const rowOf = (queue: string) =>
  rows.find((row) => row.queue === queue) ?? rows.find((row) => row.queue.endsWith('*') && queue.startsWith(row.queue.slice(0, -1)));

const neverLoaded = () => {
  throw new Error('No job runs here');
};

/** Those of src/app.ts that take ports. */
const joined = [
  eraseSubjectJob([]),
  retentionJob({ forgetters: [], dataKeysOf }),
  executeErasuresJob({ wasTold }),
  ...listJobs({ loadScreens: neverLoaded, identity: neverLoaded }),
];
const business = [...notificationJobs, ...supportJobs, ...caseJobs, retainKycJob, ...catalogJobs, ...identityJobs, ...referenceJobs];
const plans = withRuntimeJobs([...business, ...auditJobs, ...joined]).map(queuePlanOf);

describe('the page on background jobs', () => {
  it.each(plans.map((plan) => [plan.queue, plan] as const))('tells of %s with its retries', (queue, plan) => {
    expect(rowOf(queue)).toMatchObject({ retries: plan.retryLimit, waitSeconds: plan.retryDelaySeconds });
  });

  it('tells of no queue that is gone', () => {
    const gone = rows.filter((row) => !plans.some((plan) => rowOf(plan.queue) === row));
    expect(gone).toEqual([]);
  });
});
