import type { Role } from '../../src/foundation/access/roles.ts';
import type { Random } from './random.ts';

/** Synthetic people of product.md section 10. */
export type DemoStaff = { role: Role; isLead: boolean; email: string; firstName: string; lastName: string; jobTitle: string };

export const demoStaff: readonly DemoStaff[] = [
  staff('super_admin', 1, 'Amara', 'Okafor', 'Head of platform'),
  staff('super_admin', 2, 'Tobi', 'Adeyemi', 'Head of operations'),
  staff('admin', 1, 'Kemi', 'Balogun', 'Operations'),
  staff('admin', 2, 'Emeka', 'Nwosu', 'Operations'),
  { ...staff('support', 0, 'Halima', 'Sani', 'Support lead'), email: 'support-lead1@example.com', isLead: true },
  staff('support', 1, 'Ada', 'Obi', 'Customer support'),
  staff('support', 2, 'Femi', 'Alabi', 'Customer support'),
  { ...staff('reviewer', 0, 'Ngozi', 'Eze', 'Review lead'), email: 'reviewer-lead1@example.com', isLead: true },
  staff('reviewer', 1, 'Musa', 'Ibrahim', 'Vendor review'),
  staff('reviewer', 2, 'Zainab', 'Bello', 'Product review'),
  staff('enhancer', 1, 'Chidi', 'Onu', 'Product copy'),
  staff('assistant', 1, 'Tunde', 'Bakare', 'Assistant'),
  staff('moderator', 1, 'Efe', 'Oghene', 'Trust and safety'),
  staff('finance', 1, 'Yemi', 'Ojo', 'Payouts'),
  staff('finance', 2, 'Ifeoma', 'Udeh', 'Payouts'),
  staff('auditor', 1, 'Bola', 'Coker', 'Internal audit'),
];

function staff(role: Role, number: number, firstName: string, lastName: string, jobTitle: string): DemoStaff {
  return { role, isLead: false, email: `${role.replace('_', '-')}${number}@example.com`, firstName, lastName, jobTitle };
}

/** Where demo sign-ins come from: addresses of the countries named, and what people use there. */
export const places = [
  { ip: '102.89.23.17', country: 'NG' },
  { ip: '105.112.40.9', country: 'NG' },
  { ip: '197.210.64.31', country: 'NG' },
  { ip: '154.160.11.5', country: 'GH' },
  { ip: '81.2.69.142', country: 'GB' },
] as const;

export const browsers = [
  'Mozilla/5.0 (Linux; Android 14; Infinix X6833B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.2 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.2 Safari/605.1.15',
] as const;

const firstNames = [
  'Ada', 'Bisi', 'Chika', 'Dami', 'Ebere', 'Folake', 'Gbenga', 'Hauwa', 'Ikenna', 'Jide', 'Kehinde', 'Lami', 'Maryam', 'Nneka', 'Obinna',
  'Peju', 'Rotimi', 'Sade', 'Taiwo', 'Uche', 'Vivian', 'Wale', 'Yetunde', 'Zara',
] as const; // biome-ignore format: one list reads best as a block

const lastNames = [
  'Abiola', 'Bassey', 'Chukwu', 'Danjuma', 'Ekwueme', 'Falade', 'Garba', 'Hassan', 'Igwe', 'Johnson', 'Kalu', 'Lawal', 'Mohammed', 'Nnamdi',
  'Okonkwo', 'Popoola', 'Raji', 'Salami', 'Tijani', 'Umar', 'Williams', 'Yakubu',
] as const; // biome-ignore format: one list reads best as a block

export type DemoCustomer = {
  kind: 'client' | 'vendor';
  /** Exactly one of the two. */
  email?: string;
  phone?: string;
  firstName: string;
  lastName: string;
  /** The `sub` that Google would tell; such an account has no password. */
  googleSubject?: string;
};

/** 25 clients by email, 20 by phone and 5 by Google, 20 vendors by email. */
export function demoCustomers(random: Random): readonly DemoCustomer[] {
  const named = () => ({ firstName: random.pick(firstNames), lastName: random.pick(lastNames) });
  const numbered = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
  const two = (number: number) => String(number).padStart(2, '0');
  return [
    ...numbered(25).map((n) => ({ kind: 'client' as const, email: `demo-client${two(n)}@example.com`, ...named() })),
    ...numbered(20).map((n) => ({ kind: 'client' as const, phone: `+23470000090${two(n)}`, ...named() })),
    ...numbered(20).map((n) => ({ kind: 'vendor' as const, email: `demo-vendor${two(n)}@example.com`, ...named() })),
    ...numbered(5).map((n) => ({
      ...{ kind: 'client' as const, email: `demo-google${two(n)}@example.com`, googleSubject: `demo-google-${two(n)}` },
      ...named(),
    })),
  ];
}
