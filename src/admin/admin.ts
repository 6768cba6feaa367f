import type { RequestHandler, Router } from 'express';
import type { AnyCommand, CommandDeps, CommandResult, Envelope } from '../foundation/command/command.ts';
import { AdminJS, buildRouter, ComponentLoader } from './adminjs.ts';
import { pageOptions, resourceOptions } from './adminjs-options.ts';
import { defaultAssetsDirectory, loadAssets } from './assets/manifest.ts';
import { checkGuards, checkRegistry } from './boot-checks.ts';
import type { CommandParts } from './command-handlers.ts';
import { componentEntries, pageComponentName } from './component-names.ts';
import type { PageDefinition } from './define-page.ts';
import type { ResourceDefinition } from './define-resource.ts';
import type { Dmmf } from './dmmf.ts';
import type { FileLink } from './files/define-file-link.ts';
import type { PictureSource } from './files/picture-source.ts';
import { adminPipeline } from './pipeline.ts';
import { buildRegistry } from './registry.ts';
import { bindRegistry } from './registry-of.ts';
import type { StaffIdentityPort } from './sign-in/port.ts';
import type { AnsweredRequest } from './stages/log-answer.ts';
import { createDenialRecorder } from './stages/record-denial.ts';

export type ReadRecord = {
  resource: string;
  action: string;
  recordIds: readonly string[];
  recordCount: number;
  /** Path template. */
  path: string;
  /** Names of the filters used, never their values. */
  filter: string | null;
};

export type DeniedRecord = {
  resource: string;
  action: string;
  recordIds: readonly string[];
  rule: string;
  errorCode: string;
  path: string;
};

export type AdminOptions = {
  deps: CommandDeps;
  dmmf: Dmmf;
  resources: readonly ResourceDefinition[];
  pages: readonly PageDefinition[];
  /** Files behind single-use links. */
  links?: readonly FileLink[];
  /** Pictures of products and stores, also of those that are not in the shop yet. */
  pictures?: PictureSource;
  /** The landing page /admin; its component is shown there. */
  dashboard: PageDefinition;
  identity: StaffIdentityPort;
  /** Writes the one read row of a request (audit.md section 6); rejects when it cannot, and then nothing is shown. */
  recordRead(entry: ReadRecord): Promise<void>;
  recordDenied(entry: DeniedRecord): Promise<void>;
  /** Told of every answer once it is out; must not throw. */
  answered(request: AnsweredRequest): void;
  runCommand(deps: CommandDeps, command: AnyCommand, envelope: Envelope): Promise<CommandResult<unknown>>;
  /** Loads, authorises and asks `command.preview`, then rolls back: the effects in words. */
  previewCommand(deps: CommandDeps, command: AnyCommand, envelope: Envelope): Promise<readonly string[]>;
  /** Folder made by `npm run build`; default build/assets. */
  assetsDirectory?: string;
};

/** The whole back office, to be mounted at /admin. Throws, naming the fix, when something it needs is missing or unsafe. */
export function createAdminRouter(options: AdminOptions): Router {
  const { deps, dmmf, resources, pages, links = [], pictures, dashboard } = options;
  const components = componentEntries({ resources, pages, dashboard });
  const assets = loadAssets(
    options.assetsDirectory ?? defaultAssetsDirectory,
    components.map((component) => component.name),
  );
  const registry = bindRegistry(deps, buildRegistry({ resources, pages, links, pictures, dashboard }, dmmf, deps));
  checkRegistry(registry);
  const denials = createDenialRecorder(options.recordDenied);
  const { identity, runCommand, previewCommand } = options;
  const parts: CommandParts = { deps, registry, identity, runCommand, previewCommand };
  return adminPipeline({ options, assets, registry, denials, adminJs: adminJsRouter(parts) });
}

/** AdminJS with our read-only resources and handlers. buildAuthenticatedRouter is never used: its login, session and body parser are unsafe. */
function adminJsRouter(parts: CommandParts): RequestHandler {
  const { registry } = parts;
  const resources = [...registry.resources.values()].map((resource) => {
    const options = resourceOptions(parts, resource);
    checkGuards(resource.definition.id, options.actions);
    return { resource: resource.reader, options };
  });
  const pages = Object.fromEntries(
    [...registry.pages.values()].map((page) => [page.id, pageOptions(parts, page, pageComponentName(page))]),
  );
  const admin = new AdminJS({
    rootPath: '/admin',
    loginPath: '/admin/login',
    logoutPath: '/admin/logout',
    componentLoader: new ComponentLoader(),
    resources,
    pages,
    dashboard: pageOptions(parts, registry.dashboard, pageComponentName(registry.dashboard)),
    branding: { companyName: 'Fashionistar', withMadeWithLove: false, logo: false },
    version: { admin: false },
  });
  return buildRouter(admin);
}
