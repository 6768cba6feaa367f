import { type RequestHandler, Router } from 'express';
import { scaledLimit } from '../foundation/runtime/rate-bucket.ts';
import type { AdminOptions } from './admin.ts';
import type { Assets } from './assets/manifest.ts';
import { serveAssets } from './assets/serve-assets.ts';
import { answerFileLinks } from './files/answer-file-link.ts';
import { answerPictures } from './files/answer-pictures.ts';
import type { Registry } from './registry.ts';
import { createCookieJar } from './sign-in/cookies.ts';
import { createSessionStore } from './sign-in/session-store.ts';
import { signInRouter } from './sign-in/sign-in-router.ts';
import { checkPermission } from './stages/check-permission.ts';
import { floodLimit } from './stages/flood-limit.ts';
import { followReadOnly } from './stages/follow-read-only.ts';
import { answerOwnRoutes, prepareForAdminJs } from './stages/hand-to-adminjs.ts';
import { handleErrors, notFound } from './stages/handle-errors.ts';
import { loadSession } from './stages/load-session.ts';
import { logAnswer } from './stages/log-answer.ts';
import { checkOrigin } from './stages/origin-check.ts';
import { parseQuery } from './stages/parse-query.ts';
import { anyBody, readBody } from './stages/read-body.ts';
import type { DenialRecorder } from './stages/record-denial.ts';
import { checkShape } from './stages/request-shape.ts';
import { requireFullSession } from './stages/require-full-session.ts';
import { rewriteAnswers } from './stages/rewrite-answer.ts';
import { rotateAfterRoleChange } from './stages/rotate-after-role-change.ts';
import { routeGate } from './stages/route-gate.ts';
import { openRequest } from './stages/security-headers.ts';

export type PipelineParts = { options: AdminOptions; assets: Assets; registry: Registry; denials: DenialRecorder; adminJs: RequestHandler };

const floods = { ip: { perWindow: 600, keyOf: 'ip' }, staff: { perWindow: 300, keyOf: 'staff' } } as const;

/** What stands in front of AdminJS, in this order (back-office.md section 2). */
export function adminPipeline({ options, assets, registry, denials, adminJs }: PipelineParts): Router {
  const { deps, identity, recordRead } = options;
  const { config, clock, database } = deps;
  const signIn = {
    deps,
    identity,
    runCommand: options.runCommand,
    store: createSessionStore(database, clock),
    jar: createCookieJar(config),
  };
  const router = Router({ strict: false, caseSensitive: true });
  router.use(
    /*  1 */ openRequest(config, assets),
    /*  2 */ serveAssets(assets),
    /*    */ logAnswer(options.answered),
    /*  3 */ checkShape,
    /*  4 */ floodLimit({ ...floods.ip, perWindow: scaledLimit(floods.ip.perWindow, config.rateLimitScale), clock }),
    /*  5 */ loadSession(signIn),
    /*  4 */ floodLimit({ ...floods.staff, perWindow: scaledLimit(floods.staff.perWindow, config.rateLimitScale), clock }),
    /*  6 */ checkOrigin(config),
    /*  7 */ signInRouter(signIn),
    /*  8 */ requireFullSession,
    /*    */ followReadOnly(deps),
    /*  9 */ readAnyBody,
    /* 10 */ routeGate(registry, denials),
    /* 11 */ parseQuery(deps),
    /* 12 */ checkPermission(deps, denials),
    /*    */ rotateAfterRoleChange(signIn),
    /*    */ answerOwnRoutes({ registry, deps, recordRead }),
    /*    */ answerFileLinks({ deps, recordRead, runCommand: options.runCommand }),
    /*    */ answerPictures({ deps }),
    /* 14 */ rewriteAnswers({ registry, deps, recordRead }),
    /* 13 */ prepareForAdminJs,
    /*    */ adminJs,
    /*    */ notFound,
    /* 15 */ handleErrors(deps),
  );
  return router;
}

const readAnyBody: RequestHandler = async (req, res, next) => {
  if (req.method === 'POST') await readBody(req, res, anyBody);
  next();
};
