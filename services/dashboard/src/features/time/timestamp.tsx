import { useZone } from '../url-state/url-state-context.ts';
import { toDateTimeText } from './format-time.ts';

/** A time in the selected time zone, with UTC in the tooltip. */
export function Timestamp({ iso, text }: { iso: string; text?: string | undefined }) {
  const zone = useZone();
  return (
    <time dateTime={iso} title={iso}>
      {text ?? toDateTimeText(new Date(iso), zone)}
    </time>
  );
}
