export type Answer = { status: number; headers: Headers; text: string; json: Record<string, unknown> };

type Send = { method?: string; headers?: Record<string, string>; body?: string | Buffer };

/** A browser of the poorest kind: keeps cookies, follows nothing, sends the headers a same-origin page sends. */
export class AdminClient {
  readonly origin: string;
  readonly cookies = new Map<string, string>();
  lastSetCookie: readonly string[] = [];

  constructor(origin: string) {
    this.origin = origin;
  }

  get cookieHeader(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  async send(path: string, { method = 'GET', headers = {}, body }: Send = {}): Promise<Answer> {
    const response = await fetch(`${this.origin}${path}`, {
      method,
      redirect: 'manual',
      headers: { ...(this.cookies.size > 0 ? { cookie: this.cookieHeader } : {}), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : new Uint8Array(body) }),
    });
    this.lastSetCookie = response.headers.getSetCookie();
    for (const cookie of this.lastSetCookie) this.#keep(cookie);
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: parsed(text) };
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send(path, { headers });
  }

  postForm(path: string, fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send(path, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...this.#sameOrigin(), ...headers },
      body: new URLSearchParams(fields).toString(),
    });
  }

  postJson(path: string, value: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', ...this.#sameOrigin(), ...headers },
      body: JSON.stringify(value),
    });
  }

  #sameOrigin(): Record<string, string> {
    return { origin: this.origin, 'sec-fetch-site': 'same-origin' };
  }

  #keep(cookie: string): void {
    const [pair = ''] = cookie.split(';');
    const at = pair.indexOf('=');
    const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
    if (value === '') this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
