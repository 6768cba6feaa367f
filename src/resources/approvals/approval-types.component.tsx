import type { SubjectJson } from '../../admin/components/subject-card.component.tsx';

/** Shapes of what approval-extra.ts sends. */
export type RequestLine = {
  id: string;
  kind: string;
  status: string;
  createdAt: string;
  requestedBy: string | null;
  decidedBy: string | null;
};

export type ApprovalExtra = {
  effects: readonly string[];
  isChanged: boolean;
  passed: readonly string[];
  subject: SubjectJson | null;
  requester: { name: string | null; isSubject: boolean; isYou: boolean };
  decider: string | null;
  ofSubject: readonly RequestLine[];
  ofRequester: readonly RequestLine[];
  ticket: { id: string; number: string; title: string; isOpen: boolean } | null;
  privacy: { id: string; cancelUntil: string | null; isOpen: boolean } | null;
  failure: string | null;
  hasHistory: boolean;
  now: string;
};
