const groups = 16;

/** The cache namespace of a store's group, by the last byte of its id; platform.store_namespace() says the same. */
export function namespaceOf(vendorId: string): string {
  return `storefront.${Number.parseInt(vendorId.slice(-2), 16) % groups}`;
}
