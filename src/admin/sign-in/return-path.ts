/**
 * The page to go to after sign-in, if it is one of ours: starts with /admin, and cannot be read as another host by any
 * browser (no backslash, no second slash at the front, no control character) nor leads out by dots. Anything else becomes the dashboard.
 */
export function safeReturnPath(wanted: unknown): string {
  if (typeof wanted !== 'string' || wanted.length > 2000) return '/admin';
  if (!/^\/admin(?:[/?]|$)/.test(wanted) || /[\\\u0000-\u001f\u007f]|\/\//.test(wanted.replace(/\?.*$/s, ''))) return '/admin';
  if (/[\u0000-\u001f\u007f]/.test(wanted)) return '/admin';
  const path = wanted.replace(/[?#].*$/s, '');
  if (/(?:^|\/)(?:\.|%2e)+(?:\/|$)/i.test(path)) return '/admin';
  const isOwnPage = /^\/admin\/(?:login|logout|enrol|step-up|api|assets)(?:\/|$)/.test(path);
  return isOwnPage ? '/admin' : wanted;
}
