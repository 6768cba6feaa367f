import type React from 'react';
import { useState } from 'react';
import { Problem } from './admin-api.component.tsx';
import type { Resource } from './admin-types.component.tsx';
import { Dialog } from './dialog.component.tsx';
import { Field } from './form-field.component.tsx';
import { useReceipts } from './receipts.component.tsx';
import { navigate } from './router.component.tsx';
import { t } from './text.component.tsx';
import { askForViews, paramsOfView, type ViewQuery } from './use-views.component.tsx';

/** A view that is named: a new one, or one that gets another name. */
export type NamedView = { id: string | null; name: string };

/** Asks for the name of a view, and keeps it. */
export function ViewNameDialog(props: {
  resource: Resource;
  naming: NamedView;
  query: ViewQuery;
  onClose: () => void;
  onDone: () => void;
}): React.ReactElement {
  const { resource, naming, query } = props;
  const [name, setName] = useState(naming.name);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const showReceipt = useReceipts();
  const isNew = naming.id === null;
  const save = async () => {
    setIsBusy(true);
    setRefusal(null);
    try {
      const answer = isNew
        ? await askForViews('keepView', { resource: resource.id, name: name.trim(), query })
        : await askForViews('renameView', { id: naming.id, name: name.trim() });
      showReceipt({ message: answer.message ?? t('Done.'), receipt: null, undo: null });
      const made = viewIdIn(answer.shown);
      if (isNew && made) navigate(`/admin/resources/${resource.id}?${paramsOfView({ id: made, query })}`, { replace: true });
      props.onDone();
      props.onClose();
    } catch (error) {
      setRefusal(error instanceof Problem ? error.message : t('This did not work. Nothing was changed.'));
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <Dialog title={isNew ? t('Save view') : t('Rename view')} onClose={props.onClose}>
      <form
        className="fs-dialog-body"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isBusy && name.trim() !== '') void save();
        }}
      >
        {isNew ? (
          <p className="fs-muted">
            {t('Keeps the filters, the order, the columns and the row height. What you searched for is not kept.')}
          </p>
        ) : null}
        <Field
          field={{ name: 'name', label: t('Name'), type: 'text', isRequired: true, maxLength: 60 }}
          value={name}
          error={refusal}
          onChange={(value) => setName(String(value))}
        />
        <footer className="fs-dialog-foot">
          <button type="button" className="fs-button" onClick={props.onClose}>
            {t('Cancel')}
          </button>
          <button type="submit" className="fs-button fs-button-primary" aria-disabled={isBusy || name.trim() === ''}>
            {isNew ? t('Save view') : t('Rename')}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

function viewIdIn(shown: Readonly<Record<string, unknown>> | undefined): string | null {
  const output: unknown = shown?.output;
  const id: unknown = typeof output === 'object' && output !== null ? Reflect.get(output, 'viewId') : null;
  return typeof id === 'string' ? id : null;
}
