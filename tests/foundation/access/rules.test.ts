import { describe, expect, it } from 'vitest';
import type { AccessSubject } from '../../../src/foundation/access/decide.ts';
import { decide, grantFor as grantOn, isFresh, offerOf, permissionsOf } from '../../../src/foundation/access/evaluate.ts';
import { gradesOf, isActive, rankOf } from '../../../src/foundation/access/grades.ts';
import { isPermissionKey, matrix, type PermissionKey, permissionKeys } from '../../../src/foundation/access/matrix.ts';
import { type Grade, grades, rankOfGrade } from '../../../src/foundation/access/roles.ts';
import type { Actor } from '../../../src/foundation/runtime/actor.ts';
import { actorId, grantFor, now, otherId, staff, staffWith } from './actors.ts';

const customer: AccessSubject = { userId: otherId, kind: 'client', rank: 0 };
const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000);

function ruleOf(grade: Grade | readonly Grade[], permission: PermissionKey, subject?: AccessSubject): string {
  const actor = staff(...(typeof grade === 'string' ? [grade] : grade));
  return decide({ actor, permission, now, ...(subject ? { subject } : {}) }).rule;
}

describe('who is asking', () => {
  const outsiders: readonly Actor[] = [
    { kind: 'anonymous' },
    { kind: 'client', id: actorId, sessionId: 's', acr: 'aal2', authTime: now },
    { kind: 'vendor', id: actorId, sessionId: 's', acr: 'aal2', authTime: now },
    { kind: 'system', name: 'operator' },
  ];

  it.each(outsiders)('the matrix gives nothing to $kind', (actor) => {
    for (const permission of permissionKeys) {
      expect(decide({ actor, permission, subject: customer, now })).toEqual({
        isAllowed: false,
        rule: 'not_staff',
        sentence: 'access.not_staff',
      });
    }
    expect(permissionsOf(actor, now).size).toBe(0);
  });

  it('staff without any grant get nothing', () => {
    expect(decide({ actor: staffWith(), permission: 'dashboard.show', now }).rule).toBe('no_active_grant');
    expect(permissionsOf(staffWith(), now).size).toBe(0);
  });

  it('a grant counts until the instant it expires and not at it', () => {
    const until = (expiresAt: Date) => staffWith({ role: 'admin', isLead: false, expiresAt });
    expect(decide({ actor: until(new Date(now.getTime() + 1)), permission: 'user.unlock', subject: customer, now }).isAllowed).toBe(true);
    expect(decide({ actor: until(now), permission: 'user.unlock', subject: customer, now }).rule).toBe('no_active_grant');
    expect(isActive({ role: 'admin', isLead: false, expiresAt: null }, now)).toBe(true);
    expect(rankOf([{ role: 'admin', isLead: false, expiresAt: now }, grantFor('support')], now)).toBe(20);
  });

  it('a lead flag counts on support and reviewer only', () => {
    const flagged = { role: 'moderator', isLead: true } as const;
    expect(gradesOf(staffWith(flagged), now)).toEqual(['moderator']);
    expect(gradesOf(staffWith({ role: 'reviewer', isLead: true }), now)).toEqual(['reviewer_lead']);
  });
});

describe('several grants', () => {
  it('add up cell by cell', () => {
    expect(ruleOf(['assistant', 'reviewer'], 'ticket.triage')).toBe('granted');
    expect(ruleOf(['support', 'enhancer'], 'product.suggest', { ...customer })).toBe('granted');
    const both = permissionsOf(staff('support', 'finance'), now);
    const keys = (grade: Grade) => [...permissionsOf(staff(grade), now).keys()];
    expect(new Set(both.keys())).toEqual(new Set([...keys('support'), ...keys('finance')]));
  });

  it('a full grant lifts the narrowing of a partial one', () => {
    expect(grantOn(staff('assistant'), 'user.list', { now })).toEqual({ mode: 'read', own: true, team: false });
    expect(grantOn(staff('assistant', 'support'), 'user.list', { now })).toEqual({ mode: 'read', own: false, team: false });
    expect(grantOn(staff('support_lead'), 'audit.read_all', { now })).toEqual({ mode: 'read', own: false, team: true });
    expect(grantOn(staff('support_lead', 'admin'), 'user.reset_mfa', { now, intent: 'approve' })?.mode).toBe('approve');
    expect(grantOn(staff('support', 'admin'), 'user.list', { now, intent: 'request' })).toBeNull();
    expect(grantOn(staff('auditor', 'admin'), 'user.unlock', { now })).toBeNull();
    expect(grantOn(staff('assistant', 'support'), 'ticket.claim', { now })?.mode).toBe('allow');
  });

  it.each(grades.filter((grade) => grade !== 'auditor'))('auditor combines with nothing: not with %s', (grade) => {
    expect([...permissionsOf(staff('auditor', grade), now)]).toEqual([...permissionsOf(staff('auditor'), now)]);
  });

  it('auditor lowers nobody: the rank stays that of the highest grant', () => {
    expect(rankOf([grantFor('super_admin'), grantFor('auditor')], now)).toBe(100);
  });

  it('an expired auditor grant no longer stands alone', () => {
    const expired = { role: 'auditor', isLead: false, expiresAt: minutesAgo(1) } as const;
    expect(decide({ actor: staffWith(expired, grantFor('support')), permission: 'user.unlock', subject: customer, now }).isAllowed).toBe(
      true,
    );
  });
});

describe('whose record', () => {
  it('nobody acts on their own record through a back-office command', () => {
    expect(ruleOf('admin', 'staff.disable', { userId: actorId, kind: 'staff', rank: 0 })).toBe('self');
    expect(ruleOf('super_admin', 'staff_grant.revoke', { userId: actorId, kind: 'staff', rank: 100 })).toBe('self');
    expect(ruleOf('support', 'note.write', { userId: actorId })).toBe('self');
  });

  it('reading and keeping own things is not acting on oneself', () => {
    expect(ruleOf('support', 'audit.read_own', { userId: actorId, kind: 'staff', rank: 20 })).toBe('granted');
    expect(ruleOf('support', 'saved_view.keep', { userId: actorId, kind: 'staff', rank: 20 })).toBe('granted');
    expect(ruleOf('admin', 'own_account.manage', { userId: actorId, kind: 'staff' })).toBe('granted');
  });

  it.each(permissionKeys.filter((key) => key.startsWith('user.')))('%s never applies to staff, whoever asks', (permission) => {
    for (const grade of grades) {
      const decision = decide({
        actor: staff(grade),
        permission,
        now,
        subject: { userId: otherId, kind: 'staff', rank: 0, isOwn: true, requestedById: 'x' },
      });
      expect(decision.isAllowed).toBe(false);
    }
    expect(ruleOf('super_admin', 'user.unlock', { userId: otherId, kind: 'staff', rank: 0 })).toBe('staff_subject');
  });

  it('staff commands never apply to customers', () => {
    expect(ruleOf('admin', 'staff.disable', customer)).toBe('customer_subject');
    expect(ruleOf('admin', 'staff.disable', { ...customer, kind: 'vendor' })).toBe('customer_subject');
  });

  it.each(grades.flatMap((theirs) => (['admin', 'super_admin'] as const).map((mine) => ({ mine, theirs }))))(
    '$mine reaches $theirs only from strictly above',
    ({ mine, theirs }) => {
      const decision = decide({
        actor: staff(mine),
        permission: 'staff.disable',
        now,
        subject: { userId: otherId, kind: 'staff', rank: rankOfGrade[theirs] },
      });
      expect(decision.isAllowed).toBe(rankOfGrade[mine] > rankOfGrade[theirs]);
      expect(decision.rule).toBe(rankOfGrade[mine] > rankOfGrade[theirs] ? 'granted' : 'rank');
    },
  );

  it('an unknown rank is out of reach, and so is an unknown record of a ranked command', () => {
    expect(ruleOf('super_admin', 'staff.disable', { userId: otherId, kind: 'staff' })).toBe('rank');
    expect(ruleOf('super_admin', 'staff.invite')).toBe('rank');
    expect(ruleOf('admin', 'ticket.assign', { userId: otherId, kind: 'staff' })).toBe('rank');
  });

  it('a super admin is out of everyone’s reach', () => {
    const superAdmin: AccessSubject = { userId: otherId, kind: 'staff', rank: 100, requestedById: 'x' };
    for (const permission of permissionKeys.filter((key) => /^staff(_grant)?\.(?!list|show)/.test(key))) {
      for (const grade of grades) expect(decide({ actor: staff(grade), permission, subject: superAdmin, now }).isAllowed).toBe(false);
    }
  });

  it('own and team cells give nothing on a record that is not known to be own or the team’s', () => {
    expect(ruleOf('assistant', 'user.resend_code')).toBe('not_yours');
    expect(ruleOf('assistant', 'user.resend_code', { ...customer, isOwn: false, isTeam: true })).toBe('not_yours');
    expect(ruleOf('assistant', 'user.resend_code', { ...customer, isOwn: true })).toBe('granted');
    expect(ruleOf('support_lead', 'audit.read_all', { isOwn: true })).toBe('not_your_team');
    expect(ruleOf('support_lead', 'audit.read_all', { isTeam: true })).toBe('granted');
  });
});

describe('two people and judging', () => {
  const request: AccessSubject = { ...customer, requestedById: otherId };

  it('without an intent a two-person action answers with the half the person has', () => {
    const modeOf = (grade: Grade, subject: AccessSubject) => {
      const decision = decide({ actor: staff(grade), permission: 'user.reset_mfa', subject, now });
      return decision.isAllowed ? decision.mode : decision.rule;
    };
    expect(modeOf('support', request)).toBe('request');
    expect(modeOf('support_lead', request)).toBe('approve');
    expect(modeOf('support_lead', { ...request, requestedById: actorId })).toBe('request');
    expect(modeOf('finance', request)).toBe('not_granted');
  });

  it('the requester cannot approve, nor anyone when the requester is unknown', () => {
    const approve = (subject: AccessSubject) =>
      decide({ actor: staff('admin'), permission: 'user.erase', intent: 'approve', subject, now }).rule;
    expect(approve({ ...customer, requestedById: actorId })).toBe('four_eyes');
    expect(approve(customer)).toBe('four_eyes');
    expect(approve(request)).toBe('granted');
  });

  it('nobody does a two-person action alone', () => {
    const act = (grade: Grade) => decide({ actor: staff(grade), permission: 'user.reset_mfa', intent: 'act', subject: request, now });
    for (const grade of grades) expect(act(grade).isAllowed).toBe(false);
    expect(act('admin')).toMatchObject({ rule: 'two_person', sentence: 'access.two_person' });
    expect(decide({ actor: staff('support'), permission: 'user.erase', intent: 'approve', subject: request, now }).rule).toBe('two_person');
  });

  it('an approver must stand strictly above the subject', () => {
    const approve = (rank: number) =>
      decide({
        actor: staff('super_admin'),
        permission: 'staff_grant.grant_admin',
        intent: 'approve',
        subject: { userId: otherId, kind: 'staff', rank, requestedById: otherId },
        now,
      }).rule;
    expect(approve(80)).toBe('granted');
    expect(approve(100)).toBe('rank');
  });

  it('nobody judges what they wrote, and nobody acts where they have a conflict of interest', () => {
    const claimed: AccessSubject = { ...customer, kind: 'vendor', isOwn: true };
    expect(ruleOf('reviewer', 'product.approve', claimed)).toBe('granted');
    expect(ruleOf('reviewer', 'product.approve', { ...claimed, isAuthor: true })).toBe('author');
    expect(ruleOf('reviewer', 'product.approve', { ...claimed, hasConflict: true })).toBe('conflict_of_interest');
    expect(ruleOf('enhancer', 'product.suggest', { ...customer, isAuthor: true })).toBe('granted');
  });

  it('looking is not judging', () => {
    const view = decide({
      actor: staff('reviewer'),
      permission: 'product.approve',
      intent: 'view',
      subject: { isOwn: true, isAuthor: true },
      now,
    });
    expect(view).toEqual({ isAllowed: true, mode: 'read', rule: 'granted' });
  });
});

describe('what a refusal says', () => {
  const refusal = (grade: Grade, permission: PermissionKey) => {
    const decision = decide({ actor: staff(grade), permission, subject: customer, now });
    return decision.isAllowed ? 'allowed' : decision.sentence;
  };

  it('it names the nearest person who could do it', () => {
    expect(refusal('support', 'user.suspend')).toBe('access.needs_support_lead');
    expect(refusal('reviewer', 'vendor.suspend')).toBe('access.needs_reviewer_lead');
    expect(refusal('moderator', 'user.reactivate')).toBe('access.needs_admin');
    expect(refusal('admin', 'vendor.set_tier')).toBe('access.needs_super_admin');
    expect(refusal('admin', 'product.suggest')).toBe('access.not_granted');
    expect(refusal('auditor', 'user.erase')).toBe('access.view_only');
  });

  it('buttons are offered, explained or hidden', () => {
    expect(offerOf(staff('support_lead'), 'user.suspend', now)).toBe('offered');
    expect(offerOf(staff('support'), 'user.suspend', now)).toBe('explained');
    expect(offerOf(staff('reviewer'), 'vendor.reactivate', now)).toBe('explained');
    expect(offerOf(staff('auditor'), 'user.erase', now)).toBe('explained');
    expect(offerOf(staff('assistant'), 'user.suspend', now)).toBe('hidden');
    expect(offerOf(staff('assistant'), 'user.resend_code', now)).toBe('offered');
  });
});

describe('step-up', () => {
  const withFactorAt = (factorAt: Date | null): Actor => ({ ...staff('admin'), factorAt });

  it('asks for a factor at most so many minutes old', () => {
    expect(isFresh(withFactorAt(minutesAgo(5)), 5, now)).toBe(true);
    expect(isFresh(withFactorAt(new Date(minutesAgo(5).getTime() - 1)), 5, now)).toBe(false);
    expect(isFresh(withFactorAt(minutesAgo(14)), 15, now)).toBe(true);
    expect(isFresh(withFactorAt(null), 15, now)).toBe(false);
  });

  it('is always given where nothing is asked, and never by those who cannot prove themselves', () => {
    expect(isFresh({ kind: 'anonymous' }, 0, now)).toBe(true);
    expect(isFresh({ kind: 'anonymous' }, 5, now)).toBe(false);
    expect(isFresh({ kind: 'system', name: 'seed' }, 5, now)).toBe(false);
  });

  it('of a customer is the time of the last sign-in or re-authentication', () => {
    for (const kind of ['client', 'vendor'] as const) {
      const signedIn = (authTime: Date): Actor => ({ kind, id: actorId, sessionId: 's', acr: 'aal1', authTime });
      expect(isFresh(signedIn(minutesAgo(4)), 5, now), kind).toBe(true);
      expect(isFresh(signedIn(minutesAgo(6)), 5, now), kind).toBe(false);
    }
  });
});

it('a permission is recognised by its exact name only', () => {
  expect(isPermissionKey('user.unlock')).toBe(true);
  for (const text of ['constructor', '__proto__', 'toString', 'user.', 'User.unlock', '']) expect(isPermissionKey(text)).toBe(false);
});

it('nothing can change the matrix while the process runs', () => {
  const entry = matrix['user.unlock'];
  for (const part of [matrix, entry, entry.cells, entry.conditions]) expect(Object.isFrozen(part)).toBe(true);
  expect(() => Object.assign(entry.cells, { assistant: 'Y' })).toThrow(TypeError);
  expect(ruleOf('assistant', 'user.unlock', customer)).toBe('not_granted');
});
