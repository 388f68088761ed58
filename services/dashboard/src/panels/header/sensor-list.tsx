import { maxSensorsAsked } from '@sensor-sentinel/contracts';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useAlerts } from '../../api/use-alerts.ts';
import { Icon } from '../../components/icon.tsx';
import { formatAmount, formatCount } from '../../format/format-number.ts';
import { useUrlState } from '../../url-state/url-state-context.ts';
import { findSensors, toggleSensor } from './choose-sensors.ts';
import styles from './sensor-list.module.css';

const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };

/** A search field over a list of which several may be chosen; the focus stays in the field. */
export function SensorList() {
  const { state, push } = useUrlState();
  const alerts = useAlerts();
  const [typed, setTyped] = useState('');
  const [active, setActive] = useState(0);
  const listId = useId();
  const field = useRef<HTMLInputElement>(null);
  const states = new Map(alerts.data?.sensors.map((sensor) => [sensor.sensor_id, sensor.state]));
  const { shown, more } = findSensors([...states.keys()], state.sensors, typed);
  const isFull = state.sensors.length >= maxSensorsAsked;
  useEffect(() => field.current?.focus(), []);
  useScrolledIntoView(`${listId}-${active}`);

  function toggle(name: string | undefined) {
    if (name === undefined) return;
    push((current) => ({ ...current, sensors: toggleSensor(current.sensors, name) }));
  }

  function onKeyDown(event: KeyboardEvent) {
    const step = steps[event.key];
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
        placeholder={`Search ${formatAmount(states.size, 'sensor')}`}
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
            state={states.get(name) ?? 'unknown'}
            isChosen={state.sensors.includes(name)}
            isActive={index === active}
            isRefused={isFull && !state.sensors.includes(name)}
            onToggle={() => toggle(name)}
          />
        ))}
      </div>
      <p className={styles.note} role="status">
        {describeMatches(shown.length, more)}
        {isFull && ` At most ${maxSensorsAsked} can be chosen.`}
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

function describeMatches(shown: number, more: number): string {
  if (shown === 0) return 'No sensor has this in its name.';
  return more === 0 ? '' : `${formatCount(more)} more: type a part of the name.`;
}

function useScrolledIntoView(elementId: string) {
  useEffect(() => {
    document.getElementById(elementId)?.scrollIntoView({ block: 'nearest' });
  }, [elementId]);
}

interface SensorOptionProps {
  id: string;
  name: string;
  state: string;
  isChosen: boolean;
  isActive: boolean;
  isRefused: boolean;
  onToggle: () => void;
}

function SensorOption({ id, name, state, isChosen, isActive, isRefused, onToggle }: SensorOptionProps) {
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field, which names the active option
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field takes the keys
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
