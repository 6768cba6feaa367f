import './adminjs-environment.ts';
import type { BaseRecord as AdminRecord } from 'adminjs';

// The only door to AdminJS: whatever imports it from here gets it with its environment set. Imported when this module
// runs and not by a static import, which would be resolved before the environment is there.
const [adminJs, express, prisma] = await Promise.all([import('adminjs'), import('@adminjs/express'), import('@adminjs/prisma')]);

export type BaseRecord = AdminRecord;
export const { AdminJS, BaseRecord, ComponentLoader } = adminJs;
export const { buildRouter } = express;
export const { Resource: PrismaResource } = prisma;
