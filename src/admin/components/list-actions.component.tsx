import type React from 'react';
import { useState } from 'react';
import { getJson, Problem } from './admin-api.component.tsx';
import { type Action, pageState, type Resource } from './admin-types.component.tsx';
import { CommandButton } from './command-button.component.tsx';
import { ReasonForm } from './reason-form.component.tsx';
import { useReceipts } from './receipts.component.tsx';
import { navigate } from './router.component.tsx';
import { t } from './text.component.tsx';

/** Actions of the whole list, beside its heading: those of its resource, and the export of what it shows. */
export function ListActions(props: {
  resource: Resource;
  /** The address of the list as the server reads it. */
  query: string;
  columns: readonly string[];
  onDone: () => void;
}): React.ReactElement {
  const { resource } = props;
  const [open, setOpen] = useState<Action | null>(null);
  const base = `/resources/${resource.id}/actions`;
  return (
    <span className="fs-screen-actions">
      {resource.actions.map((action) => (
        <CommandButton key={action.name} isSmall isQuiet action={action} onPress={() => setOpen(action)} />
      ))}
      {resource.exportRowCap > 0 && Object.hasOwn(pageState.pages, 'list-exports') ? <ExportButton {...props} /> : null}
      {open ? (
        <ReasonForm
          action={open}
          target={{ path: `${base}/${open.name}`, base, record: null, version: null }}
          onClose={() => setOpen(null)}
          onDone={() => {
            setOpen(null);
            props.onDone();
          }}
        />
      ) : null}
    </span>
  );
}

const path = '/pages/list-exports';

function ExportButton(props: { resource: Resource; query: string; columns: readonly string[] }): React.ReactElement {
  const [action, setAction] = useState<Action | null>(null);
  const showReceipt = useReceipts();
  const open = async () => {
    try {
      setAction((await getJson<{ action: Action }>(path)).action);
    } catch (error) {
      showReceipt({ message: error instanceof Problem ? error.message : t('The form could not be loaded.'), receipt: null, undo: null });
    }
  };
  return (
    <>
      <button type="button" className="fs-button fs-button-small" onClick={() => void open()}>
        {t('Export')}
      </button>
      {action ? (
        <ReasonForm
          action={action}
          target={{
            path,
            base: path,
            record: null,
            version: null,
            pageAction: action.name,
            fixedInput: { resource: props.resource.id, query: props.query, columns: props.columns },
          }}
          onClose={() => setAction(null)}
          onDone={() => {
            setAction(null);
            navigate('/admin/pages/list-exports');
          }}
        />
      ) : null}
    </>
  );
}
