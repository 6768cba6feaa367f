import type React from 'react';
import { useEffect, useRef, useState } from 'react';
import { Dialog } from '../../admin/components/dialog.component.tsx';
import { Icon } from '../../admin/components/icon.component.tsx';
import { StatusPill } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import type { ImageJson } from './review-types.ts';

/** The images of a product with what is said of them; each opens large, where + and - zoom and the arrow keys go on. */
export function Gallery({ images }: { images: readonly ImageJson[] }): React.ReactElement {
  const [open, setOpen] = useState<number | null>(null);
  if (images.length === 0) return <p className="fs-muted">{t('No images.')}</p>;
  return (
    <>
      <ul className="fs-review-gallery">
        {images.map((image, at) => (
          <li key={image.id}>
            <button type="button" className="fs-review-thumb" onClick={() => setOpen(at)}>
              {image.url ? (
                <img src={`${image.url}/small`} alt="" loading="lazy" width="160" height="160" />
              ) : (
                <Icon name="file" size={20} />
              )}
              <span className="fs-visually-hidden">{t('Show image {at} of {count} large', { at: at + 1, count: images.length })}</span>
            </button>
            <p className="fs-small fs-review-caption">
              {image.isCover ? <StatusPill tone="info">{t('Cover')}</StatusPill> : null}
              {image.alt ? <span className="fs-wrap">{image.alt}</span> : <StatusPill tone="warn">{t('No alternative text')}</StatusPill>}
            </p>
          </li>
        ))}
      </ul>
      {open === null ? null : <Large images={images} at={open} onMove={setOpen} onClose={() => setOpen(null)} />}
    </>
  );
}

const zooms = [1, 1.5, 2, 3, 4] as const;
const panPixels = 80;

function Large(props: { images: readonly ImageJson[]; at: number; onMove: (at: number) => void; onClose: () => void }): React.ReactElement {
  const { images, at, onMove, onClose } = props;
  const [zoom, setZoom] = useState(0);
  const frame = useRef<HTMLElement>(null);
  const image = images[at];
  // biome-ignore lint/correctness/useExhaustiveDependencies: another image begins unzoomed.
  useEffect(() => setZoom(0), [at]);
  useEffect(() => {
    // After the dialog, which puts the focus on its first button.
    const timer = setTimeout(() => frame.current?.focus());
    return () => clearTimeout(timer);
  }, []);
  const move = (by: number) => onMove((at + by + images.length) % images.length);
  const scale = (by: number) => setZoom((before) => Math.min(zooms.length - 1, Math.max(0, before + by)));
  const onKeyDown = (event: React.KeyboardEvent) => {
    const pan = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (event.key === '+' || event.key === '=') scale(1);
    else if (event.key === '-') scale(-1);
    else if (event.key === '0') setZoom(0);
    else if (pan && zoom > 0) frame.current?.scrollBy((pan[0] ?? 0) * panPixels, (pan[1] ?? 0) * panPixels);
    else if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') move(event.key === 'ArrowRight' ? 1 : -1);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title={t('Image {at} of {count}', { at: at + 1, count: images.length })} onClose={onClose}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the image, wherever the focus is in its dialog. */}
      <div className="fs-dialog-body fs-review-large" onKeyDown={onKeyDown}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scroller must be reachable by keyboard; the keys are said below. */}
        <section ref={frame} tabIndex={0} className="fs-review-frame" aria-label={t('Image; plus and minus zoom, arrow keys move')}>
          {image?.url ? (
            <img src={`${image.url}/whole`} alt={image.alt ?? t('Without alternative text')} className={`fs-review-zoom-${zoom}`} />
          ) : (
            <p className="fs-muted">{t('The image is not there any more.')}</p>
          )}
        </section>
        <p className="fs-wrap">{image?.alt ?? t('No alternative text')}</p>
        <footer className="fs-dialog-foot">
          <span className="fs-muted fs-tabular" role="status">
            {Math.round((zooms[zoom] ?? 1) * 100)} %
          </span>
          <button type="button" className="fs-button fs-button-small" aria-disabled={zoom === 0} onClick={() => scale(-1)}>
            {t('Smaller')}
          </button>
          <button type="button" className="fs-button fs-button-small" aria-disabled={zoom === zooms.length - 1} onClick={() => scale(1)}>
            {t('Larger')}
          </button>
          {images.length > 1 ? (
            <>
              <button type="button" className="fs-button fs-button-small" onClick={() => move(-1)}>
                {t('Previous')}
              </button>
              <button type="button" className="fs-button fs-button-small" onClick={() => move(1)}>
                {t('Next')}
              </button>
            </>
          ) : null}
        </footer>
      </div>
    </Dialog>
  );
}
