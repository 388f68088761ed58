import { useId } from 'react';
import styles from './column-menu.module.css';
import { maxColumnWidth, minColumnWidth, type ReadingTable } from './columns.tsx';

interface ColumnMenuProps {
  table: ReadingTable;
  onReset: () => void;
}

/** Selects the visible columns and their widths. */
export function ColumnMenu({ table, onReset }: ColumnMenuProps) {
  const id = useId();
  const columns = table.getAllLeafColumns().filter((column) => column.getCanResize());
  return (
    <>
      <button type="button" popoverTarget={id}>
        Columns
      </button>
      <div id={id} popover="auto" role="dialog" aria-label="Columns" className={styles.menu}>
        <h3 className={styles.title}>Columns</h3>
        <ul className={styles.columns}>
          {columns.map((column) => (
            <li key={column.id}>
              <label className={styles.choice}>
                <input
                  type="checkbox"
                  checked={column.getIsVisible()}
                  disabled={!column.getCanHide()}
                  onChange={({ target }) => column.toggleVisibility(target.checked)}
                />
                {String(column.columnDef.header)}
              </label>
              <input
                type="range"
                aria-label={`Width of ${String(column.columnDef.header)}`}
                aria-valuetext={`${Math.round(column.getSize())} pixels`}
                min={minColumnWidth}
                max={maxColumnWidth}
                step={8}
                value={Math.round(column.getSize())}
                disabled={!column.getIsVisible()}
                onChange={({ target }) =>
                  table.setColumnSizing((sizes) => ({ ...sizes, [column.id]: target.valueAsNumber }))
                }
              />
            </li>
          ))}
        </ul>
        <div className={styles.actions}>
          <button type="button" onClick={onReset}>
            Reset
          </button>
          <button type="button" popoverTarget={id} popoverTargetAction="hide">
            Close
          </button>
        </div>
      </div>
    </>
  );
}
