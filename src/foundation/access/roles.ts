/** Staff roles as stored in identity.staff_role_grant. */
export const roles = ['assistant', 'support', 'reviewer', 'enhancer', 'moderator', 'finance', 'auditor', 'admin', 'super_admin'] as const;
export type Role = (typeof roles)[number];

/** Columns of the permission matrix: a role, with the two leads told apart. */
export const grades = [
  'assistant',
  'support',
  'support_lead',
  'reviewer',
  'reviewer_lead',
  'enhancer',
  'moderator',
  'finance',
  'auditor',
  'admin',
  'super_admin',
] as const;
export type Grade = (typeof grades)[number];

export type RoleGrant = { role: Role; isLead: boolean; expiresAt?: Date | null };

export function gradeOf(grant: RoleGrant): Grade {
  if (grant.isLead && grant.role === 'support') return 'support_lead';
  if (grant.isLead && grant.role === 'reviewer') return 'reviewer_lead';
  return grant.role;
}

/** Ranks of product.md 5.1 rule 3; a customer is 0. The highest active grant counts. */
export const rankOfGrade: Record<Grade, number> = {
  assistant: 10,
  support: 20,
  reviewer: 20,
  enhancer: 20,
  support_lead: 30,
  reviewer_lead: 30,
  moderator: 30,
  finance: 30,
  auditor: 40,
  admin: 80,
  super_admin: 100,
};
