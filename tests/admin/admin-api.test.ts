import { afterEach, expect, it, vi } from 'vitest';
import { inBrowser } from '../support/browser-page.ts';

const { getJson, Problem } = await inBrowser({}, () => import('../../src/admin/components/admin-api.component.tsx'));

afterEach(() => {
  vi.unstubAllGlobals();
});

/** An answer that has begun well and then ends like this. */
function answerThat(ends: (body: ReadableStreamDefaultController<Uint8Array>) => void): void {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('{"entries":['));
      ends(controller);
    },
  });
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(body, { status: 200 })));
}

it('an answer that was given up half way is no answer', async () => {
  answerThat((body) => body.error(new DOMException('given up', 'AbortError')));
  await expect(getJson('/pages/history')).rejects.toMatchObject({ name: 'AbortError' });
});

it('one that was cut off says that the server cannot be reached', async () => {
  answerThat((body) => body.error(new TypeError('terminated')));
  const problem = await getJson('/pages/history').catch((error: unknown) => error);
  expect(problem).toBeInstanceOf(Problem);
  expect(problem).toMatchObject({ code: 'offline' });
});

it('a refusal without a document keeps its status', async () => {
  vi.stubGlobal('fetch', () => Promise.resolve(new Response('<h1>Bad gateway</h1>', { status: 502 })));
  await expect(getJson('/pages/history')).rejects.toMatchObject({ status: 502 });
});
