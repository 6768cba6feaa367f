import { describe, expect, it } from 'vitest';
import { newId, uuidPattern } from '../../../src/foundation/runtime/new-id.ts';
import { requestUuid } from '../../../src/foundation/runtime/request-uuid.ts';

describe('the UUID of a request', () => {
  it('is the id itself where that is one, in lower case', () => {
    const id = newId();
    expect(requestUuid(id)).toBe(id);
    expect(requestUuid(id.toUpperCase())).toBe(id);
  });

  it('is the same for the same text, another for another, and always a UUID', () => {
    expect(requestUuid('trace_12345678')).toBe(requestUuid('trace_12345678'));
    expect(requestUuid('trace_12345678')).not.toBe(requestUuid('trace_12345679'));
    expect(requestUuid('trace_12345678')).toMatch(uuidPattern);
  });
});
