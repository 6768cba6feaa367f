import './adminjs-environment.ts';

export { buildRouter } from '@adminjs/express';
export { Resource as PrismaResource } from '@adminjs/prisma';
// The only door to AdminJS: whatever imports it from here gets it with its environment set.
export { AdminJS, BaseRecord, ComponentLoader } from 'adminjs';
