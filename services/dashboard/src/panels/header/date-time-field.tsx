import styles from './header.module.css';

interface DateTimeFieldProps {
  id: string;
  label: string;
  value: string;
  error: string | undefined;
  onChange: (value: string, isUnreadable: boolean) => void;
}

export function DateTimeField({ id, label, value, error, onChange }: DateTimeFieldProps) {
  const errorId = `${id}-error`;
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="datetime-local"
        step={1}
        value={value}
        aria-invalid={error !== undefined}
        aria-describedby={error === undefined ? undefined : errorId}
        onChange={({ target }) => onChange(target.value, target.validity.badInput)}
        onBlur={({ target }) => {
          if (target.validity.badInput) onChange(target.value, true);
        }}
      />
      {error !== undefined && (
        <p id={errorId} className={styles.error} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}
