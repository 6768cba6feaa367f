import React, { useEffect, useRef, useState } from 'react';
import { getJson } from './admin-api.component.tsx';
import { t } from './text.component.tsx';

export type Colleague = { id: string; name: string; roles: string };

/** Who was taken from the list since the page was opened; a text that is kept through a dialog finds its people again. */
const taken = new Map<string, string>();

/** Ids of the colleagues whose `@Name` was taken from the list and still stands in the text. */
export function mentionsIn(text: string): readonly string[] {
  return [...taken].filter(([name]) => text.includes(`@${name}`)).map(([, id]) => id);
}

const waitMs = 150;
/** What is being typed behind an @, up to the cursor: at most three words of a name. */
const mentionAt = /(?:^|[\s(])@([\p{L}\p{M}'.-]*(?: [\p{L}\p{M}'.-]+){0,2})$/u;

/**
 * A text field that offers colleagues behind an @: only those who may open the record, as the server says. Arrow keys choose, Enter or Tab
 * takes, Escape closes the list. What is taken stands in the text by name; mentionsIn() gives the ids that go with it.
 */
export function MentionInput(props: {
  resource: string;
  recordId: string;
  label: string;
  value: string;
  onChange: (text: string) => void;
  help?: string;
  error?: string | null;
  isRequired?: boolean;
  maxLength?: number;
  rows?: number;
  /** Ctrl+Enter, where no form around it listens. */
  onSend?: () => void;
}): React.ReactElement {
  const { resource, recordId, label, value, onChange, help, error = null, isRequired = false, maxLength, rows = 4, onSend } = props;
  const id = React.useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const [typed, setTyped] = useState<string | null>(null);
  const [active, setActive] = useState(0);
  const found = useColleagues({ resource, recordId, typed });
  const people = typed === null ? [] : found.people;
  const isOpen = typed !== null && (people.length > 0 || found.answered === typed);
  const follow = (element: HTMLTextAreaElement) => {
    setTyped(mentionAt.exec(element.value.slice(0, element.selectionStart))?.[1] ?? null);
    setActive(0);
  };
  const take = (person: Colleague) => {
    const element = field.current;
    if (!element || typed === null) return;
    const start = element.selectionStart - typed.length;
    const text = `${value.slice(0, start)}${person.name} ${value.slice(element.selectionStart)}`;
    taken.set(person.name, person.id);
    setTyped(null);
    onChange(text);
    const cursor = start + person.name.length + 1;
    requestAnimationFrame(() => {
      element.focus();
      element.setSelectionRange(cursor, cursor);
    });
  };
  const onKeyDown = (event: React.KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && onSend) {
      event.preventDefault();
      onSend();
      return;
    }
    if (!isOpen) return;
    const last = people.length - 1;
    const goal = { ArrowDown: active >= last ? 0 : active + 1, ArrowUp: active <= 0 ? last : active - 1 }[event.key];
    const person = people[active];
    if (goal !== undefined && people.length > 0) {
      event.preventDefault();
      setActive(goal);
    } else if ((event.key === 'Enter' || event.key === 'Tab') && person && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      take(person);
    } else if (event.key === 'Escape') {
      // The list closes, not the dialog around it.
      event.preventDefault();
      event.stopPropagation();
      setTyped(null);
    }
  };
  const described = [help ? `${id}-help` : null, error ? `${id}-error` : null].filter(Boolean).join(' ') || undefined;
  return (
    <div className="fs-field fs-mention">
      <label htmlFor={id}>
        {label}
        {isRequired ? null : <span className="fs-muted"> {t('(optional)')}</span>}
      </label>
      <textarea
        id={id}
        ref={field}
        rows={rows}
        required={isRequired}
        maxLength={maxLength}
        value={value}
        aria-describedby={described}
        aria-invalid={error ? true : undefined}
        aria-autocomplete="list"
        aria-controls={isOpen ? `${id}-people` : undefined}
        aria-activedescendant={isOpen && people[active] ? `${id}-${people[active].id}` : undefined}
        onChange={(event) => {
          onChange(event.target.value);
          follow(event.target);
        }}
        onKeyUp={(event) => {
          if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') follow(event.currentTarget);
        }}
        onClick={(event) => follow(event.currentTarget)}
        onBlur={() => setTyped(null)}
        onKeyDown={onKeyDown}
      />
      {isOpen ? (
        <div className="fs-mention-list" role="listbox" id={`${id}-people`} aria-label={t('Colleagues who may open this')}>
          {people.map((person, at) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the focus stays in the field, which has the keys.
            <div
              key={person.id}
              id={`${id}-${person.id}`}
              role="option"
              tabIndex={-1}
              aria-selected={at === active}
              className="fs-mention-option"
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => take(person)}
            >
              <span>{person.name}</span> <span className="fs-muted fs-small">{person.roles}</span>
            </div>
          ))}
          {people.length === 0 ? <p className="fs-muted fs-small">{t('Nobody of that name may open this.')}</p> : null}
        </div>
      ) : null}
      <p className="fs-visually-hidden" role="status" aria-live="polite">
        {isOpen && people.length > 0 ? t('{count} colleagues, arrow keys choose', { count: people.length }) : ''}
      </p>
      {help ? (
        <p id={`${id}-help`} className="fs-muted fs-small">
          {help}
        </p>
      ) : null}
      {error ? (
        <p id={`${id}-error`} className="fs-field-error">
          {error}
        </p>
      ) : null}
    </div>
  );
}

type Found = { people: readonly Colleague[]; answered: string | null };

/** Asked a moment after the last letter; an older answer never replaces a newer one. A failure offers nobody and stops no note. */
function useColleagues({ resource, recordId, typed }: { resource: string; recordId: string; typed: string | null }): Found {
  const [found, setFound] = useState<Found>({ people: [], answered: null });
  useEffect(() => {
    if (typed === null) {
      setFound({ people: [], answered: null });
      return undefined;
    }
    const abort = new AbortController();
    const timer = setTimeout(() => {
      const query = new URLSearchParams({ resource, recordId, q: typed });
      getJson<{ people: readonly Colleague[] }>(`/mentions?${query}`, abort.signal)
        .then(({ people }) => setFound({ people, answered: typed }))
        .catch(() => {
          if (!abort.signal.aborted) setFound({ people: [], answered: null });
        });
    }, waitMs);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [resource, recordId, typed]);
  return found;
}
