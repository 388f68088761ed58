import { type ReactNode, useId } from 'react';
import styles from './editor.module.css';

interface FieldProps {
  id: string;
  label: string;
  hint?: string | undefined;
  fault: string | undefined;
  children: ReactNode;
}

/** A label, its input, a hint, and what is wrong. */
export function Field({ id, label, hint, fault, children }: FieldProps) {
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      {children}
      {hint !== undefined && <p id={`${id}-hint`}>{hint}</p>}
      {fault !== undefined && (
        <p id={`${id}-fault`} className={styles.fault}>
          {fault}
        </p>
      )}
    </div>
  );
}

interface TextFieldProps extends Pick<FieldProps, 'label' | 'hint' | 'fault'> {
  value: string;
  onChange: (text: string) => void;
  isNumber?: boolean;
  isLong?: boolean;
  isReadOnly?: boolean;
}

export function TextField({ label, hint, fault, value, onChange, ...kind }: TextFieldProps) {
  const id = useId();
  const attributes = {
    id,
    value,
    readOnly: kind.isReadOnly,
    autoComplete: 'off',
    'aria-describedby': `${id}-hint ${id}-fault`,
    'aria-invalid': fault !== undefined,
  };
  return (
    <Field id={id} label={label} hint={hint} fault={fault}>
      {kind.isLong === true ? (
        <textarea {...attributes} rows={2} onChange={({ target }) => onChange(target.value)} />
      ) : (
        <input
          {...attributes}
          type={kind.isNumber === true ? 'number' : 'text'}
          step="any"
          onChange={({ target }) => onChange(target.value)}
        />
      )}
    </Field>
  );
}
