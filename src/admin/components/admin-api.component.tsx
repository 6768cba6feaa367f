import { noteReadOnly } from './read-only.component.tsx';
import { t } from './text.component.tsx';

/** A refusal of the server in the form of RFC 9457. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly requestId: string;
  readonly body: Readonly<Record<string, unknown>>;

  constructor(status: number, body: Readonly<Record<string, unknown>>) {
    super(typeof body.detail === 'string' ? body.detail : t('The server did not answer as expected. Nothing was changed.'));
    this.status = status;
    this.code = typeof body.code === 'string' ? body.code : 'unknown';
    this.requestId = typeof body.requestId === 'string' ? body.requestId : '';
    this.body = body;
  }
}

/** Resolves once the person has signed in again; set by the shell. */
let signInAgain: (() => Promise<void>) | null = null;
let onAnswer: (() => void) | null = null;
/** When the server last answered something that the person did; the page itself is such an answer. */
let answeredAt = Date.now();

export function lastAnswerAt(): number {
  return answeredAt;
}

export function setSessionHooks(hooks: { signInAgain: () => Promise<void>; onAnswer: () => void }): void {
  signInAgain = hooks.signInAgain;
  onAnswer = hooks.onAnswer;
}

async function request<T>(path: string, init: RequestInit): Promise<T> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(`/admin/api${path}`, { credentials: 'same-origin', ...init });
    // Given up or cut off here, too, it is no answer: half a body must not pass for an empty one.
    text = await response.text();
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Problem(0, {
      code: 'offline',
      detail: t('The server cannot be reached. Nothing was changed. Check the connection and try again.'),
    });
  }
  noteReadOnly(response);
  const record = recordIn(text);
  if (response.status === 401 && record.code === 'sign_in_required' && signInAgain) {
    await signInAgain();
    return request(path, init);
  }
  if (!response.ok) throw new Problem(response.status, record);
  answeredAt = Date.now();
  onAnswer?.();
  return record as T;
}

/** The JSON object of an answer; empty where there is none, as with the page of a proxy that failed. */
function recordIn(text: string): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

export function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  return request<T>(path, { headers: { Accept: 'application/json' }, ...(signal ? { signal } : {}) });
}

export function postJson<T>(path: string, body: object): Promise<T> {
  return request<T>(path, {
    method: 'POST',
    headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
}

/** A form post to one of the sign-in pages; true when it was accepted (they answer with a redirect). */
export async function postForm(path: string, fields: Readonly<Record<string, string>>): Promise<{ isAccepted: boolean; status: number }> {
  const response = await fetch(path, { method: 'POST', credentials: 'same-origin', redirect: 'manual', body: new URLSearchParams(fields) });
  return { isAccepted: response.type === 'opaqueredirect', status: response.status };
}

/** Step-up: a fresh factor, then the refused action is repeated by its form. */
export async function stepUp(factor: Readonly<Record<string, string>>): Promise<string | null> {
  const response = await fetch('/admin/step-up', {
    method: 'POST',
    credentials: 'same-origin',
    headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
    body: JSON.stringify(factor),
  });
  if (response.ok) return null;
  const body = (await response.json().catch(() => ({}))) as { detail?: unknown };
  return typeof body.detail === 'string' ? body.detail : t('That did not work. Try again.');
}

export function newKey(): string {
  return crypto.randomUUID();
}
