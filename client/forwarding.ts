/** The shopper for whom a storefront's server calls. */
export type EndUser = { ip: string; userAgent?: string | undefined; deviceToken?: string | undefined };

export type Forwarding = {
  clientId: string;
  /** Never in a page: whoever knows it can speak as any address. */
  forwardingSecret: string;
  method: string;
  /** Path and query exactly as they go on the request line. */
  target: string;
  /** The bytes of the body exactly as they are sent; "" for none. */
  body: string | Uint8Array<ArrayBuffer>;
  endUser: EndUser;
  nowSeconds: number;
};

const text = new TextEncoder();

/** The value of `X-Fsh-Client` (auth-api.md section 1.5): carries the shopper's address, browser and device, signed. Server only. */
export async function forwardingHeader(given: Forwarding): Promise<string> {
  const { clientId, endUser, nowSeconds } = given;
  const ua = base64url(text.encode(endUser.userAgent ?? ''));
  const dev = base64url(text.encode(endUser.deviceToken ?? ''));
  const bodyHash = hex(await sha256(given.body));
  const message = ['fsh-client-v1', clientId, nowSeconds, given.method, given.target, bodyHash, endUser.ip, ua, dev].join('\n');
  const key = await crypto.subtle.importKey('raw', text.encode(given.forwardingSecret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const sig = base64url(new Uint8Array(await crypto.subtle.sign('HMAC', key, text.encode(message))));
  return `v=1;client=${clientId};ts=${nowSeconds};ip=${endUser.ip};ua=${ua};dev=${dev};sig=${sig}`;
}

/** Web Crypto rather than node:crypto: Next.js middleware may run where there is no Node. */
export async function sha256(value: string | Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const bytes = typeof value === 'string' ? text.encode(value) : value;
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

function base64url(bytes: Uint8Array): string {
  return base64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
