import type { ReactNode, RefObject } from 'react';
import { Dialog, Heading } from 'react-aria-components/Dialog';
import { I18nProvider } from 'react-aria-components/I18nProvider';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { Popover as AriaPopover } from 'react-aria-components/Popover';
import styles from './dialog.module.css';
import './popover.css';

export interface DialogProps {
  title: string;
  /** A click outside does not close it, so that nothing typed is lost. */
  isForm?: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** See `Dialog` in `dialog.tsx`. */
export function ModalDialog({ title, isForm = false, onClose, children }: DialogProps) {
  return (
    <ModalOverlay
      className={styles.overlay ?? ''}
      isOpen
      isDismissable={!isForm}
      onOpenChange={(isOpen) => isOpen || onClose()}
    >
      <Modal className={styles.modal ?? ''}>
        <Dialog className={styles.dialog ?? ''}>
          <header className={styles.header}>
            <Heading slot="title" level={2} className={styles.title ?? ''}>
              {title}
            </Heading>
            <button type="button" onClick={onClose}>
              Close
            </button>
          </header>
          <div className={styles.content}>{children}</div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

interface PopoverProps {
  label: string;
  opener: RefObject<HTMLElement | null>;
  onClose: () => void;
  children: ReactNode;
}

/** A small dialog next to the button that opens it. English, with dates as year-month-day and 24 hours. */
export function Popover({ label, opener, onClose, children }: PopoverProps) {
  return (
    <I18nProvider locale="en-SE">
      <AriaPopover
        isOpen
        triggerRef={opener}
        placement="bottom start"
        offset={4}
        containerPadding={8}
        onOpenChange={(isOpen) => isOpen || onClose()}
      >
        <Dialog aria-label={label}>{children}</Dialog>
      </AriaPopover>
    </I18nProvider>
  );
}
