import type React from 'react';
import { EmptyState } from '../../admin/components/empty-state.component.tsx';
import { Link, recordHref } from '../../admin/components/router.component.tsx';
import { StatusPill, sentenceCase } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';
import { type BankAccount, toneOf } from './vendor-types.component.tsx';

/** Where the store is paid: bank and last digits. What can be asked about an account is on its own page. */
export function BankTab({ accounts }: { accounts: readonly BankAccount[] }): React.ReactElement {
  if (accounts.length === 0) {
    return (
      <EmptyState icon="landmark" title={t('No bank account yet')}>
        {t('The owner has not named where to be paid. Nothing is paid out before.')}
      </EmptyState>
    );
  }
  return (
    <section className="fs-card">
      <h2>{t('Bank accounts')}</h2>
      <ul className="fs-plain-list fs-lines">
        {accounts.map((account) => (
          <li key={account.id}>
            <div>
              <Link href={recordHref('BankAccount', account.id)}>
                {account.bankName} <code>••••{account.accountLast4}</code>
              </Link>
              <p className="fs-muted fs-small">
                {account.accountNameMasked}, {nameWords(account.nameMatched)}, {t('named')} <Time value={account.createdAt} />
              </p>
            </div>
            {account.isDefault ? <StatusPill tone="info">{t('Default')}</StatusPill> : null}
            <StatusPill tone={toneOf(account.status)}>{sentenceCase(account.status)}</StatusPill>
          </li>
        ))}
      </ul>
    </section>
  );
}

function nameWords(matched: boolean | null): string {
  if (matched === null) return t('name not compared');
  return matched ? t("in the owner's name") : t("not in the owner's name");
}
