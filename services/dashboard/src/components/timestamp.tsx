import { toDateTimeText } from '../time/local-time.ts';

/** A time in the viewer's zone; the title has it in UTC. */
export function Timestamp({ iso, text }: { iso: string; text?: string | undefined }) {
  return (
    <time dateTime={iso} title={iso}>
      {text ?? toDateTimeText(new Date(iso))}
    </time>
  );
}
