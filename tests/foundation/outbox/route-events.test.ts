import { expect, it } from 'vitest';
import { createRouter } from '../../../src/foundation/outbox/route-events.ts';

const route = createRouter([
  { queue: 'a.exact', events: ['identity.user.registered'] },
  { queue: 'b.family', events: ['identity.user.*', 'identity.user.registered'] },
  { queue: 'c.all', events: ['*'] },
]);

it('an event reaches each queue that names it or its family, once', () => {
  expect(route('identity.user.registered')).toEqual(['a.exact', 'b.family', 'c.all']);
  expect(route('identity.user.closed')).toEqual(['b.family', 'c.all']);
  expect(route('identity.username.closed')).toEqual(['c.all']);
});

it('gives the same answer the second time', () => {
  expect(route('identity.user.closed')).toBe(route('identity.user.closed'));
});
