import { pageState } from './admin-types.component.tsx';
import { chooseAppearance, densities, themes } from './appearance.component.tsx';
import { navigate } from './router.component.tsx';
import { sentenceCase } from './status-pill.component.tsx';
import { t } from './text.component.tsx';

export type PaletteCommand = { id: string; title: string; icon: string; run: () => void };

const shownAtMost = 6;

/** What the person can do from the search box without a record: their own side bar, and how the back office looks for them. */
function allCommands(openHelp: () => void): readonly PaletteCommand[] {
  const places = pageState.navigation.flatMap(({ entries }) =>
    entries.map(({ id, title, icon, href }) => ({
      id: `go-${id}`,
      title: t('Go to {place}', { place: title }),
      icon,
      run: () => navigate(href),
    })),
  );
  return [
    ...places,
    { id: 'go-notifications', title: t('Go to notifications'), icon: 'bell', run: () => navigate('/admin/pages/notifications') },
    { id: 'go-account', title: t('Go to your account'), icon: 'user', run: () => window.location.assign('/admin/account') },
    ...themes.map((theme) => ({
      id: `theme-${theme}`,
      title: t('Theme: {name}', { name: theme }),
      icon: 'eye',
      run: () => chooseAppearance({ theme }),
    })),
    ...densities.map((density) => ({
      id: `rows-${density}`,
      title: t('Rows: {name}', { name: sentenceCase(density).toLowerCase() }),
      icon: 'list',
      run: () => chooseAppearance({ density }),
    })),
    { id: 'help', title: t('Show the keys of this screen'), icon: 'help', run: openHelp },
  ];
}

/** Those whose title has every typed word at the beginning of one of its own; with nothing typed the first places. */
export function matchingCommands(typed: string, openHelp: () => void): readonly PaletteCommand[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const commands = allCommands(openHelp);
  if (words.length === 0) return commands.slice(0, shownAtMost);
  return commands
    .filter(({ title }) => {
      const own = title.toLowerCase().split(/[\s:]+/);
      return words.every((word) => own.some((part) => part.startsWith(word)));
    })
    .slice(0, shownAtMost);
}
