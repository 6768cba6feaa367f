import type React from 'react';
import { useEffect, useRef } from 'react';
import { Icon } from './icon.component.tsx';

/** A button with a panel under it: closed by Escape, by a click elsewhere, and by what is in it; the focus goes back to the button. */
export function Drawer(props: {
  label: string;
  icon?: string;
  className?: string;
  children: (close: () => void) => React.ReactNode;
}): React.ReactElement {
  const drawer = useRef<HTMLDetailsElement>(null);
  const close = () => {
    if (!drawer.current?.open) return;
    drawer.current.open = false;
    drawer.current.querySelector('summary')?.focus();
  };
  useEffect(() => {
    const onDown = (event: MouseEvent) => {
      const { current } = drawer;
      if (current?.open && event.target instanceof Node && !current.contains(event.target)) current.open = false;
    };
    document.addEventListener('mousedown', onDown);
    return () => document.removeEventListener('mousedown', onDown);
  }, []);
  return (
    <details
      ref={drawer}
      className={`fs-drawer ${props.className ?? ''}`}
      onKeyDown={(event) => {
        // A dialog opened from here has its own Escape.
        if (event.key === 'Escape' && !(event.target instanceof Element && event.target.closest('dialog'))) close();
      }}
    >
      <summary className="fs-button fs-button-small">
        {props.icon ? <Icon name={props.icon} /> : null} {props.label}
      </summary>
      <div className="fs-drawer-panel">{props.children(close)}</div>
    </details>
  );
}
