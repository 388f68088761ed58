import { lazy, Suspense } from 'react';
import type { DialogProps } from './overlays.tsx';

const ModalDialog = lazy(async () => ({ default: (await import('./overlays.tsx')).ModalDialog }));

/**
 * A modal dialog that is open while it is rendered. It keeps the focus and gives it back, and closes on Escape and on a click
 * outside. Its library is loaded when the first dialog opens.
 */
export function Dialog(props: DialogProps) {
  return (
    <Suspense>
      <ModalDialog {...props} />
    </Suspense>
  );
}
