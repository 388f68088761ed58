import { type ReactNode, useState } from 'react';
import styles from './popover.module.css';

interface PopoverProps {
  /** The `popoverTarget` of the button that opens it. */
  id: string;
  label: string;
  /** Called only while the popover is open. */
  children: () => ReactNode;
}

const marginPx = 8;

/** Places the popover under its button, within the window. */
function place(popover: HTMLElement) {
  const opener = document.querySelector(`[popovertarget="${CSS.escape(popover.id)}"]`);
  if (opener === null) return;
  const { left, bottom } = opener.getBoundingClientRect();
  const rightmost = document.documentElement.clientWidth - popover.offsetWidth - marginPx;
  const lowest = window.innerHeight - popover.offsetHeight - marginPx;
  popover.style.left = `${Math.max(marginPx, Math.min(left, rightmost))}px`;
  popover.style.top = `${Math.max(marginPx, Math.min(bottom + 4, lowest))}px`;
}

export function closePopover(id: string) {
  document.getElementById(id)?.hidePopover();
}

/** A small dialog under the button that opens it; closed by Escape or a click outside. */
export function Popover({ id, label, children }: PopoverProps) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <div
      id={id}
      popover="auto"
      role="dialog"
      aria-label={label}
      className={styles.popover}
      onToggle={({ newState }) => setIsOpen(newState === 'open')}
      ref={(popover) => {
        if (popover === null || !isOpen) return;
        const placeAgain = () => place(popover);
        placeAgain();
        const observer = new ResizeObserver(placeAgain);
        observer.observe(popover);
        window.addEventListener('scroll', placeAgain, true);
        window.addEventListener('resize', placeAgain);
        return () => {
          observer.disconnect();
          window.removeEventListener('scroll', placeAgain, true);
          window.removeEventListener('resize', placeAgain);
        };
      }}
    >
      {isOpen && children()}
    </div>
  );
}
