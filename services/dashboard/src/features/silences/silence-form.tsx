import { type Matcher, matcherSchema } from '@sensor-sentinel/contracts';
import { type FormEvent, useState } from 'react';
import { useApi } from '../../api/api-context.ts';
import { toZoneText } from '../time/format-time.ts';
import { fromWallMs, type Zone } from '../time/zone.ts';
import { useZone } from '../url-state/url-state-context.ts';
import { labelTitles, silenceLengths } from './describe-silence.ts';
import styles from './silences.module.css';
import { useAddSilence } from './use-silences.ts';

const comparisons = [
  { title: 'is', isRegex: false, isEqual: true },
  { title: 'is not', isRegex: false, isEqual: false },
  { title: 'matches', isRegex: true, isEqual: true },
  { title: 'does not match', isRegex: true, isEqual: false },
];
const newMatcher: Matcher = { name: 'sensor', value: '', isRegex: false, isEqual: true };

/** The choice of a length that is none: a time is given. */
const untilTime = 'Until a time';

/** Makes a silence. */
export function SilenceForm({ onClose }: { onClose: () => void }) {
  const [matchers, setMatchers] = useState<readonly Matcher[]>([newMatcher]);
  const [error, setError] = useState<string | null>(null);
  const add = useAddSilence();
  const zone = useZone();
  const nowMs = useApi().now();

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const read = (name: string) => String(fields.get(name) ?? '').trim();
    const fault = matchers.map((matcher) => matcherSchema.safeParse(matcher).error?.issues[0]?.message);
    const endMs = toEndMs(read('length'), read('until'), { nowMs, zone });
    setError(
      fault.find((text) => text !== undefined) ?? (endMs > nowMs ? null : 'The end must be in the future.'),
    );
    if (fault.some((text) => text !== undefined) || !(endMs > nowMs)) return;
    const created_by = read('by') || undefined;
    const silence = {
      matchers: [...matchers],
      ends_at: new Date(endMs).toISOString(),
      comment: read('comment'),
    };
    add.mutate({ ...silence, created_by }, { onSuccess: onClose });
  }

  return (
    <form className={styles.form} aria-label="New silence" onSubmit={submit}>
      {matchers.map((matcher, place) => (
        <MatcherFields
          // biome-ignore lint/suspicious/noArrayIndexKey: matchers have no other identity
          key={place}
          matcher={matcher}
          place={place}
          onChange={(changed) => setMatchers(matchers.with(place, changed))}
          onRemove={matchers.length > 1 ? () => setMatchers(matchers.toSpliced(place, 1)) : undefined}
        />
      ))}
      <button type="button" onClick={() => setMatchers([...matchers, newMatcher])}>
        Add a condition
      </button>
      <EndFields zone={zone} nowMs={nowMs} />
      <label>
        Reason
        <input name="comment" required maxLength={2000} placeholder="New compressor" />
      </label>
      <label>
        Your name
        <input name="by" maxLength={64} autoComplete="name" />
      </label>
      {(error ?? add.error?.message) !== undefined && (
        <p role="alert" className={styles.fault}>
          {error ?? add.error?.message}
        </p>
      )}
      <div className={styles.ends}>
        <button type="submit" disabled={add.isPending}>
          Silence
        </button>
        <button type="button" onClick={onClose}>
          Cancel
        </button>
      </div>
    </form>
  );
}

interface MatcherFieldsProps {
  matcher: Matcher;
  place: number;
  onChange: (matcher: Matcher) => void;
  onRemove: (() => void) | undefined;
}

function MatcherFields({ matcher, place, onChange, onRemove }: MatcherFieldsProps) {
  const chosen = comparisons.findIndex(
    ({ isRegex, isEqual }) => isRegex === matcher.isRegex && isEqual === matcher.isEqual,
  );
  return (
    <fieldset className={styles.matcher} aria-label={`Condition ${place + 1}`}>
      <select
        aria-label="Label"
        value={matcher.name}
        onChange={({ target }) => onChange({ ...matcher, name: target.value })}
      >
        {Object.entries(labelTitles).map(([name, title]) => (
          <option key={name} value={name}>
            {title}
          </option>
        ))}
      </select>
      <select
        aria-label="Comparison"
        value={chosen}
        onChange={({ target }) => {
          const { isRegex, isEqual } = comparisons[Number(target.value)] ?? newMatcher;
          onChange({ ...matcher, isRegex, isEqual });
        }}
      >
        {comparisons.map(({ title }, index) => (
          <option key={title} value={index}>
            {title}
          </option>
        ))}
      </select>
      <input
        aria-label="Value"
        required
        maxLength={256}
        value={matcher.value}
        placeholder={matcher.isRegex ? 'cold-store-.*' : ''}
        onChange={({ target }) => onChange({ ...matcher, value: target.value })}
      />
      {onRemove && (
        <button type="button" onClick={onRemove}>
          Remove
        </button>
      )}
    </fieldset>
  );
}

function EndFields({ zone, nowMs }: { zone: Zone; nowMs: number }) {
  const [length, setLength] = useState(silenceLengths[0]?.title ?? untilTime);
  return (
    <>
      <label>
        How long
        <select name="length" value={length} onChange={({ target }) => setLength(target.value)}>
          {[...silenceLengths.map(({ title }) => title), untilTime].map((title) => (
            <option key={title}>{title}</option>
          ))}
        </select>
      </label>
      {length === untilTime && (
        <label>
          {`End, ${toZoneText(zone, new Date(nowMs))}`}
          <input name="until" type="datetime-local" required />
        </label>
      )}
    </>
  );
}

/** NaN if no time is given. */
function toEndMs(length: string, until: string, clock: { nowMs: number; zone: Zone }): number {
  const chosen = silenceLengths.find(({ title }) => title === length);
  if (chosen) return chosen.toEndMs(clock);
  const wallMs = Date.parse(`${until}Z`);
  return Number.isNaN(wallMs) ? wallMs : fromWallMs(wallMs, clock.zone);
}
