import { pageState } from '../../admin/components/admin-types.component.tsx';

const locale = pageState.preferences.locale;

/** `NG` -> "Nigeria"; what is no code stays as it was written. */
export function countryName(code: string | null): string | null {
  return code ? nameOf('region', code.trim()) : null;
}

export function languageName(code: string): string {
  return nameOf('language', code);
}

function nameOf(type: 'region' | 'language', code: string): string {
  try {
    return new Intl.DisplayNames([locale], { type }).of(code) ?? code;
  } catch {
    return code;
  }
}
