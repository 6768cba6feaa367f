import type React from 'react';
import { useEffect, useState } from 'react';

export type Route =
  | { kind: 'dashboard' }
  | { kind: 'page'; id: string }
  | { kind: 'list'; resourceId: string }
  | { kind: 'record'; resourceId: string; recordId: string }
  | { kind: 'unknown' };

const changed = 'fs:navigate';

export function parseRoute(pathname: string): Route {
  const [area, name, kind, id, action] = pathname
    .replace(/^\/admin\/?/, '')
    .split('/')
    .filter(Boolean)
    .map(decodeURIComponent);
  if (area === undefined) return { kind: 'dashboard' };
  if (area === 'pages' && name && !kind) return { kind: 'page', id: name };
  if (area !== 'resources' || !name) return { kind: 'unknown' };
  if (!kind || (kind === 'actions' && id === 'list')) return { kind: 'list', resourceId: name };
  if (kind === 'records' && id && action === 'show') return { kind: 'record', resourceId: name, recordId: id };
  return { kind: 'unknown' };
}

/** Goes to another screen without loading the page; `replace` keeps the back button where it was. */
export function navigate(href: string, options: { replace?: boolean } = {}): void {
  if (options.replace) window.history.replaceState(null, '', href);
  else window.history.pushState(null, '', href);
  window.dispatchEvent(new Event(changed));
}

function readAddress(): { pathname: string; search: string } {
  return { pathname: window.location.pathname, search: window.location.search };
}

export function useAddress(): { pathname: string; search: string } {
  const [address, setAddress] = useState(readAddress);
  useEffect(() => {
    const update = () => setAddress(readAddress());
    window.addEventListener('popstate', update);
    window.addEventListener(changed, update);
    return () => {
      window.removeEventListener('popstate', update);
      window.removeEventListener(changed, update);
    };
  }, []);
  return address;
}

/** A link that stays in the page on a plain click and is an ordinary link for everything else. */
export function Link(props: React.AnchorHTMLAttributes<HTMLAnchorElement> & { href: string }): React.ReactElement {
  const { href, onClick, ...rest } = props;
  return (
    <a
      href={href}
      {...rest}
      onClick={(event) => {
        onClick?.(event);
        if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        navigate(href);
      }}
    />
  );
}

export function recordHref(resourceId: string, recordId: string): string {
  return `/admin/resources/${resourceId}/records/${encodeURIComponent(recordId)}/show`;
}
