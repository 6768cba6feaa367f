import { useEffect, useState } from 'react';
import { currentAdmin } from './admin-types.component.tsx';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];
export const densities = ['comfortable', 'compact'] as const;
export type Density = (typeof densities)[number];

const changed = 'fs:appearance';

export function themeNow(): Theme {
  return themes.find((theme) => theme === document.documentElement.dataset.theme) ?? 'system';
}

function densityNow(): Density {
  return densities.find((density) => density === document.documentElement.dataset.density) ?? 'comfortable';
}

/** Shows it at once and keeps it for the person. */
export function chooseAppearance(choice: { theme?: Theme; density?: Density }): void {
  const { theme = themeNow(), density = densityNow() } = choice;
  document.documentElement.dataset.theme = theme;
  document.documentElement.dataset.density = density;
  window.dispatchEvent(new Event(changed));
  const body = new URLSearchParams({ theme, density });
  void fetch('/admin/account/preferences', { method: 'POST', credentials: 'same-origin', redirect: 'manual', body }).catch(() => undefined);
}

/** Called once by the shell: rows as the person likes them. */
export function showDensity(): void {
  document.documentElement.dataset.density = currentAdmin.density;
}

export function useTheme(): Theme {
  const [theme, setTheme] = useState(themeNow);
  useEffect(() => {
    const update = () => setTheme(themeNow());
    window.addEventListener(changed, update);
    return () => window.removeEventListener(changed, update);
  }, []);
  return theme;
}
