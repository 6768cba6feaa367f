import type { AccessSentence } from '../../access/decide.ts';

/** Shown beside a disabled button (back-office.md section 6). */
export const enAccess: Readonly<Record<AccessSentence, string>> = {
  'access.not_staff': 'Only staff can do this.',
  'access.no_active_grant': 'You have no active role.',
  'access.not_granted': 'Nobody can do this from the back office.',
  'access.needs_support_lead': 'Needs a support lead.',
  'access.needs_reviewer_lead': 'Needs a reviewer lead.',
  'access.needs_admin': 'Needs an admin.',
  'access.needs_super_admin': 'Needs a super admin.',
  'access.view_only': 'You can look at this, but not change it.',
  'access.two_person': 'This takes two people: ask for it, and someone else decides.',
  'access.not_yours': 'Only the person it is assigned to can do this.',
  'access.not_your_team': 'Only for people of the team you lead.',
  'access.self': 'You cannot act on your own account.',
  'access.staff_subject': 'This is a staff account: an admin handles it under Staff.',
  'access.customer_subject': 'This is a customer account, not a staff account.',
  'access.rank': 'You can only act on people below your own level.',
  'access.author': 'You worked on this yourself; someone else must decide.',
  'access.conflict_of_interest': 'You are connected to this record; someone else must do it.',
  'access.four_eyes': 'You opened this request; someone else must approve it.',
};
