import React, { useEffect, useRef, useState } from 'react';
import { pageState } from './admin-types.component.tsx';
import { Icon } from './icon.component.tsx';
import { matchingCommands } from './palette-commands.component.tsx';
import { recentRecords } from './recent-records.component.tsx';
import { navigate, recordHref } from './router.component.tsx';
import { t } from './text.component.tsx';
import { useIsSlow } from './use-remote.component.tsx';
import { type Search, shortestSearch, useSearch } from './use-search.component.tsx';

type Option = { id: string; title: string; detail: string | null; icon: string; href: string | null; run: () => void };
type Section = { id: string; title: string; options: readonly Option[] };

/**
 * The search box with its answers and the commands, on top of whatever is open: a combobox with a list box (WAI-ARIA). The arrow keys
 * move, Enter opens, Ctrl+Enter opens in a new tab, Escape closes and the focus goes back to where it was.
 */
export function SearchPalette({ onClose, onHelp }: { onClose: () => void; onHelp: () => void }): React.ReactElement {
  const [typed, setTyped] = useState('');
  const [active, setActive] = useState(0);
  const search = useSearch(typed);
  const dialog = useModal();
  const id = React.useId();
  const sections = sectionsOf(typed, search, onHelp);
  const options = sections.flatMap((section) => section.options);
  const chosen = options[Math.min(active, options.length - 1)];
  const open = (option: Option, isNewTab: boolean) => {
    onClose();
    if (isNewTab && option.href) window.open(option.href, '_blank', 'noopener');
    else option.run();
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const last = options.length - 1;
    const goal = { ArrowDown: active >= last ? 0 : active + 1, ArrowUp: active <= 0 ? last : active - 1, PageDown: last, PageUp: 0 }[
      event.key
    ];
    if (goal !== undefined) {
      event.preventDefault();
      setActive(Math.max(0, goal));
    } else if (event.key === 'Enter' && chosen && !event.nativeEvent.isComposing) {
      event.preventDefault();
      open(chosen, event.ctrlKey || event.metaKey);
    }
  };
  const chosenId = chosen ? `${id}-${chosen.id}` : undefined;
  useEffect(() => {
    if (chosenId) document.getElementById(chosenId)?.scrollIntoView({ block: 'nearest' });
  }, [chosenId]);
  return (
    <dialog
      ref={dialog}
      className="fs-dialog fs-palette"
      aria-label={t('Search and commands')}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
      onKeyDown={onKeyDown}
    >
      <div className="fs-palette-head">
        <Icon name="search" size={20} />
        <input
          type="text"
          role="combobox"
          aria-label={t('Search people, vendors, tickets, or type a command')}
          aria-expanded={options.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={chosenId}
          placeholder={t('Name, email, phone, member id, ticket, order...')}
          autoComplete="off"
          autoCorrect="off"
          spellCheck={false}
          maxLength={200}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setActive(0);
          }}
        />
        <button type="button" className="fs-icon-button" aria-label={t('Close')} onClick={onClose}>
          <Icon name="x" size={20} />
        </button>
      </div>
      <div className="fs-palette-list" role="listbox" id={`${id}-list`} aria-label={t('What was found')}>
        {sections.map((section) => (
          <div key={section.id} role="group" aria-labelledby={`${id}-${section.id}-title`}>
            <div className="fs-palette-title" id={`${id}-${section.id}-title`} role="presentation">
              {section.title}
            </div>
            {section.options.map((option) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the focus stays in the field, which has the keys.
              <div
                key={option.id}
                id={`${id}-${option.id}`}
                role="option"
                tabIndex={-1}
                aria-selected={option === chosen}
                className="fs-palette-option"
                onMouseMove={() => setActive(options.indexOf(option))}
                onClick={(event) => open(option, event.ctrlKey || event.metaKey)}
              >
                <Icon name={option.icon} />
                <span className="fs-palette-words">
                  <span>{option.title}</span>
                  {option.detail ? <span className="fs-muted fs-small">{option.detail}</span> : null}
                </span>
              </div>
            ))}
          </div>
        ))}
      </div>
      <PaletteState typed={typed} search={search} found={options.length} />
    </dialog>
  );
}

/** What is going on, in one line under the list; read out by screen readers. */
function PaletteState({ typed, search, found }: { typed: string; search: Search; found: number }): React.ReactElement {
  const text = typed.trim();
  const isSlow = useIsSlow(search.isLoading);
  const { problem, failed } = search;
  return (
    <footer className="fs-palette-foot fs-small">
      <p role="status" aria-live="polite">
        {problem
          ? null
          : isSlow
            ? t('Searching...')
            : text.length < shortestSearch
              ? t('Whole emails and phone numbers, member ids, ticket numbers, or three letters of a name.')
              : found === 0 && !search.isLoading
                ? t('Nothing that you may open fits "{text}".', { text })
                : found === 1
                  ? t('1 choice')
                  : t('{count} choices', { count: found })}
        {failed.length > 0 ? ` ${t('Not searched this time: {kinds}.', { kinds: failed.join(', ') })}` : null}
      </p>
      {problem ? (
        <p role="alert" className="fs-form-error">
          {problem.message}
          {problem.requestId ? (
            <>
              {' '}
              {t('Request')} <code>{problem.requestId}</code>
            </>
          ) : null}{' '}
          <button type="button" className="fs-link-button" onClick={search.retry}>
            {t('Try again')}
          </button>
        </p>
      ) : null}
      <p className="fs-palette-keys fs-muted" aria-hidden="true">
        <kbd>↑</kbd> <kbd>↓</kbd> {t('move')} <kbd>Enter</kbd> {t('open')} <kbd>Esc</kbd> {t('close')}
      </p>
    </footer>
  );
}

/** A modal dialog whose opener gets the focus back. */
function useModal(): React.RefObject<HTMLDialogElement> {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const opener = document.activeElement;
    const dialog = ref.current;
    if (dialog && !dialog.open) dialog.showModal();
    dialog?.querySelector('input')?.focus();
    return () => {
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  return ref;
}

/** With nothing typed: what was opened last. Then commands, which need no answer, and below them what the server found. */
function sectionsOf(typed: string, search: Search, onHelp: () => void): readonly Section[] {
  const text = typed.trim();
  const commands = matchingCommands(text, onHelp).map((command) => ({ ...command, detail: null, href: null }));
  const sections: Section[] = [
    ...(text === '' ? [{ id: 'recent', title: t('Opened last'), options: recentOptions() }] : []),
    { id: 'commands', title: t('Commands'), options: commands },
    ...search.groups.map(({ resource, title, icon, items, hasMore }) => ({
      id: resource,
      title,
      options: [
        ...items.map(({ id, title: name, detail }) => recordOption({ resource, id, title: name, detail, icon })),
        ...(hasMore && pageState.resources[resource]?.canSearch ? [moreOption({ resource, title, text: search.answered })] : []),
      ],
    })),
  ];
  return sections.filter(({ options }) => options.length > 0);
}

function recentOptions(): readonly Option[] {
  return recentRecords()
    .filter(({ resource }) => Object.hasOwn(pageState.resources, resource))
    .slice(0, 5)
    .map(({ resource, id, title }) => {
      const { icon, singular } = pageState.resources[resource] ?? { icon: 'history', singular: '' };
      return recordOption({ resource, id, title, detail: singular, icon }, 'recent');
    });
}

function recordOption(
  record: { resource: string; id: string; title: string; detail: string | null; icon: string },
  prefix = 'record',
): Option {
  const { resource, id, title, detail, icon } = record;
  const href = recordHref(resource, id);
  return { id: `${prefix}-${resource}-${id}`, title, detail, icon, href, run: () => navigate(href) };
}

function moreOption({ resource, title, text }: { resource: string; title: string; text: string }): Option {
  const href = `/admin/resources/${resource}?q=${encodeURIComponent(text)}`;
  return {
    id: `more-${resource}`,
    title: t('See all in {list}', { list: title }),
    detail: null,
    icon: 'search',
    href,
    run: () => navigate(href),
  };
}
