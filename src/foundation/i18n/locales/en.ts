import type { Texts } from '../texts.ts';
import { enAccess } from './en-access.ts';
import { enErrors } from './en-errors.ts';
import { enMessages } from './en-messages.ts';

export const en: Texts = { errors: enErrors, access: enAccess, messages: enMessages };
