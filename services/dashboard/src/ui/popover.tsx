import type { ReactNode, RefObject } from 'react';
import { Dialog } from 'react-aria-components/Dialog';
import { I18nProvider } from 'react-aria-components/I18nProvider';
import { Popover as AriaPopover } from 'react-aria-components/Popover';
import './popover.css';

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
