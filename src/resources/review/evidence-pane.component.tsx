import type React from 'react';
import { Presence } from '../../admin/components/presence.component.tsx';
import { Link } from '../../admin/components/router.component.tsx';
import { StatePill, StatusPill } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { Documents } from './documents.component.tsx';
import { FactList, PriceCheck, RelatedLinks, SearchPreview, Signals } from './evidence-parts.component.tsx';
import { FieldList } from './field-list.component.tsx';
import { Gallery } from './gallery.component.tsx';
import { Due } from './queue-pane.component.tsx';
import type { CaseJson, Section } from './review-types.ts';
import { SinceLastRound } from './rounds.component.tsx';
import type { AcceptedFields } from './use-accepted.component.tsx';

type Props = { shown: CaseJson; now: string; accepted: AcceptedFields; onReload: () => void };

/** Everything a decision rests on: what is new first, then signals, then the submission itself. */
export function EvidencePane({ shown, now, accepted, onReload }: Props): React.ReactElement {
  return (
    <>
      <div>
        <CaseHead shown={shown} now={now} />
        <Presence resource="ReviewCase" recordId={shown.id} onReload={onReload} />
      </div>
      <SinceLastRound shown={shown} />
      {shown.sections.map((section) => (
        <section key={section.title} className="fs-review-section" aria-label={section.title}>
          <h3>{section.title}</h3>
          <SectionBody section={section} shown={shown} accepted={accepted} />
        </section>
      ))}
    </>
  );
}

function CaseHead({ shown, now }: Pick<Props, 'shown' | 'now'>): React.ReactElement {
  const { kindLabel, title, round, subjectVersion, status, states, riskScore, flags, links } = shown;
  return (
    <header className="fs-review-head">
      <h2 id="fs-review-case" tabIndex={-1} className="fs-wrap">
        {title}
      </h2>
      <p className="fs-small fs-muted">
        {t('{kind}, round {round}, version {version}', { kind: kindLabel, round, version: subjectVersion })}
        {links.map(({ label, href }) => (
          <span key={href}>
            {' '}
            <Link href={href}>{label}</Link>
          </span>
        ))}
      </p>
      <p className="fs-strip">
        <StatePill value={status} states={states} />
        <Due clock={shown.clock} now={now} />
        {riskScore > 0 ? (
          <StatusPill tone={riskScore >= 70 ? 'danger' : riskScore >= 40 ? 'warn' : 'neutral'}>
            {t('Risk {score}', { score: riskScore })}
          </StatusPill>
        ) : null}
        {flags.map(({ tone, text }) => (
          <StatusPill key={text} tone={tone}>
            {text}
          </StatusPill>
        ))}
      </p>
    </header>
  );
}

function SectionBody(props: { section: Section; shown: CaseJson; accepted: AcceptedFields }): React.ReactElement {
  const { section, shown, accepted } = props;
  switch (section.kind) {
    case 'facts':
      return <FactList facts={section.facts} />;
    case 'compare':
      return (
        <>
          <FactList facts={section.facts} />
          {section.verdict ? (
            <p className="fs-review-verdict">
              <StatusPill tone={section.verdict.tone}>{section.verdict.text}</StatusPill>
            </p>
          ) : null}
        </>
      );
    case 'signals':
      return <Signals signals={section.signals} />;
    case 'images':
      return <Gallery images={section.images} />;
    case 'documents':
      return <Documents section={section} caseId={shown.id} />;
    case 'links':
      return <RelatedLinks section={section} />;
    case 'price':
      return <PriceCheck section={section} />;
    case 'preview':
      return <SearchPreview section={section} />;
    case 'fields':
      return <FieldList section={section} accepted={accepted} />;
    default:
      return section satisfies never;
  }
}
