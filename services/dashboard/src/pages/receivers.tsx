import { SilencesPanel } from '../features/silences/silences-panel.tsx';

/** Who is notified of incidents, and what is silenced. */
export function ReceiversView() {
  return <SilencesPanel />;
}
