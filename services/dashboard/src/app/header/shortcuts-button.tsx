import { lazy, Suspense, useState } from 'react';
import { helpKey } from './shortcuts.ts';
import { useShortcuts } from './use-shortcuts.ts';

const ShortcutsDialog = lazy(async () => ({
  default: (await import('./shortcuts-dialog.tsx')).ShortcutsDialog,
}));

export function ShortcutsButton() {
  const [isOpen, setIsOpen] = useState(false);
  const { isOn, choose } = useShortcuts(() => setIsOpen(true));
  return (
    <>
      <button
        type="button"
        aria-label="Keyboard shortcuts"
        title="Keyboard shortcuts (?)"
        onClick={() => setIsOpen(true)}
      >
        {helpKey}
      </button>
      {isOpen && (
        <Suspense>
          <ShortcutsDialog isOn={isOn} onChoose={choose} onClose={() => setIsOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
