import {
  findActiveSilence,
  type Incident,
  type Matcher,
  type Silence,
  toAlertLabels,
} from '@sensor-sentinel/contracts';
import { useRef } from 'react';
import { useApi } from '../../api/api-context.ts';
import { isolateName } from '../../ui/isolate-name.ts';
import { PopoverButton } from '../../ui/popover-button.tsx';
import { UrlLink } from '../url-state/url-link.tsx';
import { useZone } from '../url-state/url-state-context.ts';
import { describeSilence, type SilenceLength, silenceLengths, toUntilText } from './describe-silence.ts';
import styles from './silences.module.css';
import { useAddSilence, useEndSilence, useKnownSilences } from './use-silences.ts';

export interface SilenceSubject {
  sensor: string;
  /** The rule of an incident; null: whatever the sensor does. */
  rule: string | null;
  findSilence: (silences: readonly Silence[]) => Silence | undefined;
}

export function ofIncident(incident: Incident): SilenceSubject {
  const labels = toAlertLabels(incident);
  return {
    sensor: incident.sensor_id,
    rule: incident.rule,
    findSilence: (silences) => findActiveSilence(labels, silences),
  };
}

/** Silenced is a sensor whose incidents are all silenced, whatever the rule. */
export function ofSensor(sensor: string, type: string): SilenceSubject {
  const labels = { sensor, sensor_type: type };
  const isWhole = ({ matchers }: Silence) => matchers.every(({ name }) => Object.hasOwn(labels, name));
  return {
    sensor,
    rule: null,
    findSilence: (silences) => findActiveSilence(labels, silences.filter(isWhole)),
  };
}

interface SilenceButtonProps {
  subject: SilenceSubject;
  /** Whether the tab key reaches the buttons. */
  isTabStop?: boolean;
}

/** Silences a sensor, or a rule for a sensor, in two presses; says so, and takes it back. */
export function SilenceButton({ subject, isTabStop = true }: SilenceButtonProps) {
  const place = useRef<HTMLSpanElement>(null);
  const clock = { nowMs: useApi().now(), zone: useZone() };
  const silence = subject.findSilence(useKnownSilences());
  const add = useAddSilence();
  const end = useEndSilence();
  const error = add.error ?? end.error;

  function choose(matchers: Pick<Matcher, 'name' | 'value'>[], length: SilenceLength) {
    const ends_at = new Date(length.toEndMs(clock)).toISOString();
    add.mutate({ matchers, ends_at, comment: 'Silenced from the dashboard' });
  }

  function undo(id: string) {
    end.mutate(id);
    // The button goes, and the focus with it.
    place.current?.querySelector('button')?.focus();
  }

  return (
    <span className={styles.silence} ref={place}>
      <PopoverButton
        label="Silence"
        name={`Silence ${isolateName(subject.sensor)}`}
        title="Stop notifications for a while"
        isTabStop={isTabStop}
      >
        {(close) => (
          <SilenceChoices
            subject={subject}
            onChoose={(matchers, length) => {
              choose(matchers, length);
              close();
            }}
          />
        )}
      </PopoverButton>
      <span role="status" className={styles.note}>
        {silence !== undefined && (
          <UrlLink
            to={(state) => ({ ...state, view: 'receivers', incident: null })}
            title={describeSilence(silence, clock)}
            isTabStop={isTabStop}
          >
            Silenced until {toUntilText(silence.ends_at, clock)}
          </UrlLink>
        )}
        {error !== null && `Not changed: ${error.message}`}
      </span>
      {silence !== undefined && silence.id === add.data?.id && (
        <button
          type="button"
          className={styles.undo}
          tabIndex={isTabStop ? 0 : -1}
          onClick={() => undo(silence.id)}
        >
          Undo
        </button>
      )}
    </span>
  );
}

interface SilenceChoicesProps {
  subject: SilenceSubject;
  onChoose: (matchers: Pick<Matcher, 'name' | 'value'>[], length: SilenceLength) => void;
}

const quickLengths = silenceLengths.slice(0, 3);

function SilenceChoices({ subject: { sensor, rule }, onChoose }: SilenceChoicesProps) {
  const ofSensor = { name: 'sensor', value: sensor };
  const kinds = [
    { title: `Sensor ${isolateName(sensor)}`, matchers: [ofSensor] },
    ...(rule === null
      ? []
      : [
          {
            title: `Only rule ${isolateName(rule)} for this sensor`,
            matchers: [ofSensor, { name: 'alertname', value: rule }],
          },
        ]),
  ];
  return kinds.map(({ title, matchers }) => (
    <fieldset key={title} className={styles.choices}>
      <legend>{title}</legend>
      {quickLengths.map((length) => (
        <button key={length.title} type="button" onClick={() => onChoose(matchers, length)}>
          {length.title}
        </button>
      ))}
    </fieldset>
  ));
}
