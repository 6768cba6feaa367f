import type React from 'react';
import { useState } from 'react';
import { Problem } from './admin-api.component.tsx';
import type { Resource } from './admin-types.component.tsx';
import { Drawer } from './drawer.component.tsx';
import { useReceipts } from './receipts.component.tsx';
import { Link, navigate } from './router.component.tsx';
import { sentenceCase } from './status-pill.component.tsx';
import { t } from './text.component.tsx';
import { askForViews, type SavedView, type UseViews, type ViewQuery } from './use-views.component.tsx';
import type { NamedView } from './view-name-dialog.component.tsx';

/** What may be done with what the list shows now, and with the view it came from. */
export function ViewMenu(props: {
  resource: Resource;
  views: UseViews;
  active: SavedView | null;
  query: ViewQuery;
  canSave: boolean;
  onName: (naming: NamedView) => void;
}): React.ReactElement {
  const { resource, views, active, query } = props;
  const [refusal, setRefusal] = useState<string | null>(null);
  const showReceipt = useReceipts();
  const ask = async (action: string, input: object, close: () => void) => {
    setRefusal(null);
    try {
      const answer = await askForViews(action, input);
      close();
      showReceipt({ message: answer.message ?? t('Done.'), receipt: null, undo: null });
      views.reload();
      if (action === 'forgetView') navigate(`/admin/resources/${resource.id}?view=all`);
    } catch (error) {
      setRefusal(error instanceof Problem ? error.message : t('This did not work. Nothing was changed.'));
    }
  };
  const isDefault = active !== null && views.arrangement.defaultViewId === active.id;
  return (
    <Drawer label={active ? t('View') : t('Save view')} icon="list" className="fs-view-menu">
      {(close) => {
        const item = (label: string, run: () => void) => (
          <li>
            <button type="button" className="fs-menu-item" onClick={run}>
              {label}
            </button>
          </li>
        );
        const name = (naming: NamedView) => {
          close();
          props.onName(naming);
        };
        return (
          <>
            {refusal ? <p role="alert">{refusal}</p> : null}
            <ul>
              {props.canSave ? item(t('Save as a new view'), () => name({ id: null, name: '' })) : null}
              {active?.isOwn ? (
                <>
                  {item(
                    t('Update "{name}" to what is shown', { name: active.name }),
                    () => void ask('keepView', { id: active.id, resource: resource.id, name: active.name, query }, close),
                  )}
                  {item(t('Rename'), () => name({ id: active.id, name: active.name }))}
                  {views.roles
                    .filter((role) => role !== active.sharedRole)
                    .map((role) => (
                      <li key={role}>
                        <button
                          type="button"
                          className="fs-menu-item"
                          onClick={() => void ask('shareView', { id: active.id, role }, close)}
                        >
                          {t('Share with everybody in {role}', { role: sentenceCase(role) })}
                        </button>
                      </li>
                    ))}
                  {active.sharedRole ? item(t('Stop sharing'), () => void ask('shareView', { id: active.id, role: null }, close)) : null}
                </>
              ) : null}
              {active
                ? item(
                    isDefault ? t('Open the list without a view') : t('Open the list with this view'),
                    () => void ask('arrangeList', { resource: resource.id, defaultViewId: isDefault ? null : active.id }, close),
                  )
                : null}
              {active?.isOwn ? item(t('Delete view'), () => void ask('forgetView', { id: active.id }, close)) : null}
              <li>
                <Link href="/admin/pages/saved-views" className="fs-menu-item">
                  {t('All your views')}
                </Link>
              </li>
            </ul>
          </>
        );
      }}
    </Drawer>
  );
}
