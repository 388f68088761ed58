import { PopoverButton } from '../../ui/popover-button.tsx';
import type { ReadingTable } from './columns.tsx';
import styles from './readings-panel.module.css';

/** Selects the visible columns. */
export function ColumnMenu({ table }: { table: ReadingTable }) {
  const columns = table.getAllLeafColumns().filter((column) => column.getCanHide());
  return (
    <PopoverButton label="Columns">
      {() => (
        <>
          <ul className={styles.columnChoice}>
            {columns.map((column) => (
              <li key={column.id}>
                <label>
                  <input
                    type="checkbox"
                    checked={column.getIsVisible()}
                    onChange={column.getToggleVisibilityHandler()}
                  />
                  {String(column.columnDef.header)}
                </label>
              </li>
            ))}
          </ul>
          <button type="button" onClick={() => table.toggleAllColumnsVisible(true)}>
            Show all
          </button>{' '}
          <button type="button" onClick={() => table.resetColumnVisibility()}>
            Reset
          </button>
        </>
      )}
    </PopoverButton>
  );
}
