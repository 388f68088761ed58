import type { Incident, Severity } from '@sensor-sentinel/contracts';
import { type FocusEvent, type KeyboardEvent, type PointerEvent, useState } from 'react';
import { useApi } from '../../api/api-context.ts';
import { formatAmount, formatCount, formatScore } from '../../ui/format-number.ts';
import { Icon } from '../../ui/icon.tsx';
import { isolateName } from '../../ui/isolate-name.ts';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import tableStyles from '../../ui/table.module.css';
import { describeCause } from '../explanation/explanation-sentences.ts';
import { toDateTimeText, toShortText } from '../time/format-time.ts';
import { Timestamp } from '../time/timestamp.tsx';
import { useFeaturesOf, useUrlState, useZone } from '../url-state/url-state-context.ts';
import { describeState } from './describe-incident.ts';
import { isUrgent, RowActions } from './incident-actions.tsx';
import { useSections } from './incident-sections.ts';
import styles from './incidents-table.module.css';

/**
 * What is active, and below it what was: where, since when and why. No row moves while the pointer is over the rows or the
 * keyboard has the focus in them. The rows are a single tab stop: the arrow keys move between them, and single keys press the
 * buttons of a row.
 */
export function IncidentsTable({ incidents }: { incidents: readonly Incident[] }) {
  const { sections, shown, hidden, hold, release } = useSections(incidents);
  const [focusedId, setFocusedId] = useState<string | null>(null);
  const tabStop = shown.some(({ id }) => id === focusedId) ? focusedId : shown[0]?.id;
  const rowsProps = {
    onKeyDown: onRowKey,
    onFocus: ({ target }: FocusEvent<HTMLElement>) => {
      const row = findRow(target);
      if (row === null) return;
      setFocusedId(row.dataset.row ?? null);
      if (target.matches(':focus-visible')) hold('focus');
    },
    onBlur: (event: FocusEvent<HTMLElement>) => leaves(event) && release('focus'),
    onPointerOver: ({ target, pointerType }: PointerEvent<HTMLElement>) => {
      if (pointerType === 'mouse' && findRow(target) !== null) hold('pointer');
    },
    onPointerOut: (event: PointerEvent<HTMLElement>) => leaves(event) && release('pointer'),
  };
  return (
    <>
      <ScrollRegion className={`${tableStyles.scroller} ${styles.table}`} label="Incidents table">
        <table className={tableStyles.table} aria-label="Incidents">
          <thead>
            <tr>
              <th scope="col">Incident</th>
              <th scope="col">State</th>
              <th scope="col">Since</th>
              <th scope="col" data-number data-from="wide">
                Readings
              </th>
              <th scope="col" data-number data-from="wide">
                Highest score
              </th>
              <th scope="col">Actions</th>
            </tr>
          </thead>
          {/* One body, so that a row stays the same element when its incident ends. */}
          <tbody {...rowsProps}>
            {sections.flatMap(({ title, incidents }) => [
              <tr key={title} className={styles.section}>
                <th colSpan={6} scope="colgroup">
                  {title}
                </th>
              </tr>,
              ...incidents.map((incident) => (
                <IncidentRow key={incident.id} incident={incident} isTabStop={incident.id === tabStop} />
              )),
            ])}
          </tbody>
        </table>
      </ScrollRegion>
      <p role="status" className={styles.heldNote}>
        {hidden > 0 && `${formatAmount(hidden, 'more incident')}, shown when you leave the list`}
      </p>
    </>
  );
}

/** Whether the focus or the pointer goes to something outside. */
function leaves({ currentTarget, relatedTarget }: FocusEvent<HTMLElement> | PointerEvent<HTMLElement>) {
  return !(relatedTarget instanceof Node && currentTarget.contains(relatedTarget));
}

function IncidentRow({ incident, isTabStop }: { incident: Incident; isTabStop: boolean }) {
  const zone = useZone();
  const { id, started_at, readings, peak_score } = incident;
  const since = toShortText(new Date(started_at), new Date(useApi().now()), zone);
  return (
    <tr data-row={id} data-urgent={isUrgent(incident) || undefined}>
      <th scope="row">
        <IncidentSubject incident={incident} isTabStop={isTabStop} />
      </th>
      <td>
        <IncidentState incident={incident} />
      </td>
      <td>
        <Timestamp iso={started_at} text={since} />
      </td>
      <td data-number data-from="wide">
        {formatCount(readings)}
      </td>
      <td data-number data-from="wide">
        {formatScore(peak_score)}
      </td>
      <td>
        <RowActions incident={incident} isTabStop={isTabStop} />
      </td>
    </tr>
  );
}

function IncidentSubject({ incident, isTabStop }: { incident: Incident; isTabStop: boolean }) {
  const { zone, push } = useUrlState();
  const { id, rule, type, sensor_id, severity, started_at, summary, cause } = incident;
  const features = useFeaturesOf(type);
  const which = `${isolateName(sensor_id)} from ${toDateTimeText(new Date(started_at), zone)}`;
  return (
    <>
      <button
        type="button"
        className={styles.open}
        tabIndex={isTabStop ? 0 : -1}
        aria-haspopup="dialog"
        onClick={() => push((url) => ({ ...url, incident: id }))}
      >
        {rule}
        <span className="visually-hidden">{` (details of the incident of ${which})`}</span>
      </button>{' '}
      · <bdi>{sensor_id}</bdi> · <SeverityLabel severity={severity} />
      <p className={styles.summary}>{summary}</p>
      {cause && <p className={styles.summary}>{describeCause(cause, features)}</p>}
    </>
  );
}

const steps: Readonly<Record<string, number>> = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 };

function onRowKey(event: KeyboardEvent<HTMLElement>) {
  const row = findRow(event.target);
  if (row === null || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-row]')];
  const step = Object.hasOwn(steps, event.key) ? (steps[event.key] ?? 0) : 0;
  const pressed = [...row.querySelectorAll('button')].find(
    ({ ariaKeyShortcuts }) => ariaKeyShortcuts === event.key.toLowerCase(),
  );
  if (step !== 0) rows[rows.indexOf(row) + step]?.querySelector('button')?.focus();
  else if (pressed !== undefined && !event.repeat) pressed.click();
  else return;
  event.preventDefault();
}

/** Null in a popover of the row, which is elsewhere in the document although its events come here. */
function findRow(target: EventTarget): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>('[data-row]') : null;
}

/** The state of an incident, how long it has lasted, and what a person says it was. */
export function IncidentState({ incident }: { incident: Incident }) {
  return (
    <span className={styles.state} data-urgent={isUrgent(incident) || undefined}>
      <Icon name={incident.state === 'firing' ? 'anomaly' : 'check'} />
      {describeState(incident, useApi().now())}
    </span>
  );
}

const severityTitles = { info: 'Info', warning: 'Warning', critical: 'Critical' } as const;

export function SeverityLabel({ severity }: { severity: Severity }) {
  return (
    <span className={styles.severity} data-severity={severity}>
      {severityTitles[severity]}
    </span>
  );
}
