import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import styles from './calendar.module.css';
import {
  addMonths,
  type Day,
  isSameMonth,
  listWeeks,
  toDayText,
  toDayTitle,
  toMonthTitle,
  toWeekday,
} from './calendar-month.ts';

interface CalendarProps {
  /** The day that has the focus at first. */
  start: Day;
  chosen: Day | null;
  /** The last day that can be selected. */
  today: Day;
  onChoose: (day: Day) => void;
}

const weekdays = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'];

/** The day that a key moves to. */
function toMove(key: string, day: Day): Day | null {
  switch (key) {
    case 'ArrowLeft':
      return day - 1;
    case 'ArrowRight':
      return day + 1;
    case 'ArrowUp':
      return day - 7;
    case 'ArrowDown':
      return day + 7;
    case 'Home':
      return day - toWeekday(day);
    case 'End':
      return day - toWeekday(day) + 6;
    case 'PageUp':
      return addMonths(day, -1);
    case 'PageDown':
      return addMonths(day, 1);
    default:
      return null;
  }
}

/** The days of a month; the arrow keys move between them. */
export function Calendar({ start, chosen, today, onChoose }: CalendarProps) {
  const [focused, setFocused] = useState(start);
  const [isMoving, setIsMoving] = useState(true);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isMoving && button.current?.dataset.day === toDayText(focused)) button.current.focus();
  }, [focused, isMoving]);

  function go(day: Day, moves: boolean) {
    setIsMoving(moves);
    setFocused(Math.max(0, Math.min(day, today)));
  }

  function onKeyDown(event: KeyboardEvent) {
    const day = toMove(event.key, focused);
    if (day === null) return;
    event.preventDefault();
    go(day, true);
  }

  return (
    <div className={styles.calendar}>
      <div className={styles.month}>
        <button type="button" aria-label="Previous month" onClick={() => go(addMonths(focused, -1), false)}>
          ‹
        </button>
        <span aria-live="polite">{toMonthTitle(focused)}</span>
        <button
          type="button"
          aria-label="Next month"
          disabled={isSameMonth(focused, today)}
          onClick={() => go(addMonths(focused, 1), false)}
        >
          ›
        </button>
      </div>
      <table aria-label={toMonthTitle(focused)} onKeyDown={onKeyDown}>
        <thead>
          <tr>
            {weekdays.map((weekday) => (
              <th key={weekday} scope="col">
                {weekday}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {listWeeks(focused).map((week) => (
            <tr key={week[0]}>
              {week.map((day) => (
                <td key={day}>
                  <button
                    ref={day === focused ? button : undefined}
                    type="button"
                    tabIndex={day === focused ? 0 : -1}
                    data-day={toDayText(day)}
                    data-other={!isSameMonth(day, focused) || undefined}
                    aria-label={toDayTitle(day)}
                    aria-pressed={day === chosen}
                    aria-current={day === today ? 'date' : undefined}
                    disabled={day > today || day < 0}
                    onClick={() => onChoose(day)}
                  >
                    {Number(toDayText(day).slice(8))}
                  </button>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
