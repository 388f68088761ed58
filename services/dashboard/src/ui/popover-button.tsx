import { lazy, type ReactNode, Suspense, useRef, useState } from 'react';
import { ErrorBoundary } from './error-boundary.tsx';
import { Icon } from './icon.tsx';
import styles from './popover-button.module.css';

const Popover = lazy(async () => ({ default: (await import('./overlays.tsx')).Popover }));

interface PopoverButtonProps {
  label: string;
  /** The current choice, shown on the button; default: the label. */
  text?: string;
  /** The accessible name; default: from both. */
  name?: string;
  /** Whether the tab key reaches the button. */
  isTabStop?: boolean;
  /** What the popover shows; a `lazy` component is loaded when it is opened first. */
  children: (close: () => void) => ReactNode;
  title?: string | undefined;
  /** The name by which a keyboard shortcut finds the button. */
  shortcut?: string | undefined;
}

/** A button that opens a small dialog, to change the choice that it shows. */
export function PopoverButton(props: PopoverButtonProps) {
  const { label, text, name, isTabStop = true, children, title, shortcut } = props;
  const [isOpen, setIsOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const close = () => setIsOpen(false);
  return (
    <>
      <button
        ref={button}
        type="button"
        className={styles.opener}
        aria-label={name ?? (text === undefined ? label : `${label}: ${text}`)}
        tabIndex={isTabStop ? 0 : -1}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        title={title ?? label}
        data-shortcut={shortcut}
        onClick={() => setIsOpen(true)}
      >
        <span>{text ?? label}</span>
        <Icon name="open" size={14} />
      </button>
      {isOpen && (
        <ErrorBoundary title={label}>
          <Suspense>
            <Popover label={label} opener={button} onClose={close}>
              {children(close)}
            </Popover>
          </Suspense>
        </ErrorBoundary>
      )}
    </>
  );
}
