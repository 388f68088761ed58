import { type ComponentType, lazy, Suspense, useRef, useState } from 'react';
import { ErrorBoundary } from './error-boundary.tsx';
import { Icon } from './icon.tsx';
import styles from './popover-button.module.css';

const Popover = lazy(async () => ({ default: (await import('./popover.tsx')).Popover }));

interface PopoverButtonProps {
  label: string;
  /** The current choice, shown on the button. */
  text: string;
  /** Loaded when the popover is opened first, so use `lazy`. */
  Content: ComponentType<{ onClose: () => void }>;
  title?: string | undefined;
  /** The name by which a keyboard shortcut finds the button. */
  shortcut?: string | undefined;
}

/** A button that shows a choice, and opens a small dialog to change it. */
export function PopoverButton({ label, text, Content, title, shortcut }: PopoverButtonProps) {
  const [isOpen, setIsOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const close = () => setIsOpen(false);
  return (
    <>
      <button
        ref={button}
        type="button"
        className={styles.opener}
        aria-label={`${label}: ${text}`}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        title={title ?? label}
        data-shortcut={shortcut}
        onClick={() => setIsOpen(true)}
      >
        <span>{text}</span>
        <Icon name="open" size={14} />
      </button>
      {isOpen && (
        <ErrorBoundary title={label}>
          <Suspense>
            <Popover label={label} opener={button} onClose={close}>
              <Content onClose={close} />
            </Popover>
          </Suspense>
        </ErrorBoundary>
      )}
    </>
  );
}
