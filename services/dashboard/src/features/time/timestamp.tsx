import { useZone } from '../url-state/url-state-context.ts';
import { toDateTimeText, toShortText } from './format-time.ts';

interface TimestampProps {
  iso: string;
  /** Without the date if it is today. */
  isShort?: boolean;
  text?: string | undefined;
}

/** A time in the selected time zone, with UTC in the tooltip. */
export function Timestamp({ iso, isShort = false, text }: TimestampProps) {
  const zone = useZone();
  const time = new Date(iso);
  return (
    <time dateTime={iso} title={iso}>
      {text ?? (isShort ? toShortText(time, new Date(), zone) : toDateTimeText(time, zone))}
    </time>
  );
}
