/** Where a notice leads, below our own address. */
export function noticeHref({ resource, recordId }: { resource: string | null; recordId: string | null }): string {
  if (!resource || !recordId) return '/admin/pages/notifications';
  if (resource === 'pages') return `/admin/pages/${encodeURIComponent(recordId)}`;
  return `/admin/resources/${encodeURIComponent(resource)}/records/${encodeURIComponent(recordId)}/show`;
}
