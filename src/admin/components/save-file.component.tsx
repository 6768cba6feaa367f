import { newKey, Problem } from './admin-api.component.tsx';

/** Fetches the file that an action of a page answers with, and hands it to the browser to keep. Throws the Problem of a refusal. */
export async function saveFile(path: string, call: { action: string; input: object }): Promise<void> {
  const response = await fetch(`/admin/api${path}`, {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ ...call, idempotencyKey: newKey() }),
  });
  if (!response.ok) throw new Problem(response.status, (await response.json().catch(() => ({}))) as Record<string, unknown>);
  const name = /filename="([^"]+)"/.exec(response.headers.get('Content-Disposition') ?? '')?.[1] ?? 'download';
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
