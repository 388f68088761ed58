import { maxSensorsPerQuery, type SensorState } from '@sensor-sentinel/contracts';
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { formatAmount, formatCount } from '../../ui/format-number.ts';
import { Icon } from '../../ui/icon.tsx';
import { useAlerts } from '../alerts/use-alerts.ts';
import { useUrlState } from '../url-state/url-state-context.ts';
import { listSensors, toggleSensor } from './choose-sensors.ts';
import styles from './sensor-list.module.css';
import { useSensorNames } from './use-sensor-names.ts';

const steps: ReadonlyMap<string, number> = new Map([
  ['ArrowDown', 1],
  ['ArrowUp', -1],
  ['PageDown', 8],
  ['PageUp', -8],
]);

/** A searchable multi-select list; the focus stays in the search field. */
export function SensorList() {
  const { state, push } = useUrlState();
  const [typed, setTyped] = useState('');
  const [active, setActive] = useState(0);
  const listId = useId();
  const field = useRef<HTMLInputElement>(null);
  const { data: found, error, isFetching } = useSensorNames(typed);
  const states = useLiveStates();
  const shown = listSensors([...(found?.states.keys() ?? [])], state.sensors, typed);
  const isFull = state.sensors.length >= maxSensorsPerQuery;
  useEffect(() => field.current?.focus(), []);
  useScrolledIntoView(`${listId}-${active}`);

  function toggle(name: string | undefined) {
    if (name === undefined) return;
    push((current) => ({ ...current, sensors: toggleSensor(current.sensors, name) }));
  }

  function onKeyDown(event: KeyboardEvent) {
    const step = steps.get(event.key);
    if (event.key === 'Enter') toggle(shown[active]);
    else if (step !== undefined) setActive(Math.max(0, Math.min(active + step, shown.length - 1)));
    else return;
    event.preventDefault();
  }

  return (
    <div className={styles.picker}>
      <input
        ref={field}
        role="combobox"
        type="text"
        aria-label="Search sensors"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={shown.length === 0 ? undefined : `${listId}-${active}`}
        autoComplete="off"
        spellCheck={false}
        maxLength={64}
        placeholder={found === undefined ? 'Search sensors' : `Search ${formatAmount(found.total, 'sensor')}`}
        value={typed}
        onChange={({ target }) => {
          setTyped(target.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div
        id={listId}
        role="listbox"
        aria-label="Sensors"
        aria-multiselectable="true"
        className={styles.list}
      >
        {shown.map((name, index) => (
          <SensorOption
            key={name}
            id={`${listId}-${index}`}
            name={name}
            state={states.get(name) ?? found?.states.get(name)}
            isChosen={state.sensors.includes(name)}
            isActive={index === active}
            isRefused={isFull && !state.sensors.includes(name)}
            onToggle={() => toggle(name)}
          />
        ))}
      </div>
      <p className={styles.note} role="status">
        {describeFound({ shown: shown.length, total: found?.total, isFetching, error })}
        {isFull && ` At most ${maxSensorsPerQuery} sensors can be selected.`}
      </p>
      <ShowAllButton />
    </div>
  );
}

function ShowAllButton() {
  const { state, push } = useUrlState();
  return (
    <button
      type="button"
      disabled={state.sensors.length === 0}
      onClick={() => push((current) => ({ ...current, sensors: [] }))}
    >
      Show all sensors
    </button>
  );
}

interface Found {
  shown: number;
  total: number | undefined;
  isFetching: boolean;
  error: Error | null;
}

function describeFound({ shown, total, isFetching, error }: Found): string {
  if (error !== null) return `${error.message} Retrying…`;
  if (total === undefined) return 'Loading sensors…';
  if (shown === 0) return isFetching ? '' : 'No matching sensors.';
  return total <= shown ? '' : `${formatCount(total - shown)} more. Type part of a name to find them.`;
}

/** The current states from the alerts query, which is refreshed; the list itself is not. */
function useLiveStates(): ReadonlyMap<string, SensorState> {
  const { data } = useAlerts();
  return useMemo(() => new Map(data?.sensors.map(({ sensor_id, state }) => [sensor_id, state])), [data]);
}

function useScrolledIntoView(elementId: string) {
  useEffect(() => {
    document.getElementById(elementId)?.scrollIntoView({ block: 'nearest' });
  }, [elementId]);
}

interface SensorOptionProps {
  id: string;
  name: string;
  /** Undefined for a selected sensor that is not in the search result. */
  state: SensorState | undefined;
  isChosen: boolean;
  isActive: boolean;
  isRefused: boolean;
  onToggle: () => void;
}

function SensorOption({ id, name, state, isChosen, isActive, isRefused, onToggle }: SensorOptionProps) {
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the search field, which references the active option
    // biome-ignore lint/a11y/useKeyWithClickEvents: the search field handles the keys
    <div
      id={id}
      role="option"
      aria-selected={isChosen}
      aria-disabled={isRefused}
      data-active={isActive || undefined}
      className={styles.option}
      onClick={onToggle}
    >
      <span className={styles.mark}>{isChosen && <Icon name="check" size={14} />}</span>
      <span className={styles.name}>{name}</span>
      <span className={styles.state}>{state}</span>
    </div>
  );
}
