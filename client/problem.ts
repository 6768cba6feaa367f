import { type ProblemCode, problemCodes } from './api-types.ts';

/** A failure of the API (RFC 9457). `code` is the contract; `title` and `detail` are localised and for people. */
export type ApiProblem = {
  /** `unrecognised` is a code that is newer than this client: treat it by its status. */
  code: ProblemCode | 'unrecognised';
  status: number;
  title: string;
  detail: string;
  requestId: string | null;
  /** Field by field, where fields were at fault. */
  errors: readonly { path: string; code: string; message: string }[];
  /** Seconds to wait, with 429 and 503. */
  retryAfter: number | null;
  flowId: string | null;
  /** Ways to re-authenticate, with `reauth_required`. */
  methods: readonly string[];
  /** Other ways to sign in. */
  alternatives: readonly string[];
};

const known: ReadonlySet<string> = new Set(problemCodes);

export function isProblemCode(text: string): text is ProblemCode {
  return known.has(text);
}

/** Reads a problem document; whatever else came with a failing status (a proxy's page) becomes an `unrecognised` one. */
export function readProblem(body: unknown, answer: { status: number; headers: Headers }): ApiProblem {
  const members: Record<string, unknown> = typeof body === 'object' && body !== null ? { ...body } : {};
  const code = textOf(members['code']) ?? '';
  const wait = Number(members['retryAfter'] ?? answer.headers.get('retry-after') ?? Number.NaN);
  return {
    code: isProblemCode(code) ? code : 'unrecognised',
    status: answer.status,
    title: textOf(members['title']) ?? '',
    detail: textOf(members['detail']) ?? '',
    requestId: textOf(members['requestId']) ?? answer.headers.get('x-request-id'),
    errors: listOf(members['errors']).map((entry) => fieldOf(entry)),
    retryAfter: Number.isFinite(wait) ? wait : null,
    flowId: textOf(members['flowId']),
    methods: listOf(members['methods']).map(String),
    alternatives: listOf(members['alternatives']).map(String),
  };
}

function fieldOf(entry: unknown): ApiProblem['errors'][number] {
  const { path, code, message }: Record<string, unknown> = typeof entry === 'object' && entry !== null ? { ...entry } : {};
  return { path: textOf(path) ?? '', code: textOf(code) ?? '', message: textOf(message) ?? '' };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
