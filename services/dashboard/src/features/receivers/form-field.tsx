import { type ReactNode, useId } from 'react';
import { FieldError } from 'react-aria-components/FieldError';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { Text } from 'react-aria-components/Text';
import { TextField } from 'react-aria-components/TextField';
import styles from './receivers.module.css';

interface FormFieldProps {
  label: string;
  /** The name by which the form knows the faults of the field. */
  name: string;
  value: string;
  onChange: (text: string) => void;
  hint?: ReactNode;
  placeholder?: string | undefined;
  type?: 'text' | 'password' | undefined;
  /** The id of a `datalist` with suggestions. */
  list?: string;
  autoFocus?: boolean;
  isReadOnly?: boolean;
  /** A button beside the field. */
  children?: ReactNode;
}

/** A field for text with its label, what it is for, and its fault. */
export function FormField(props: FormFieldProps) {
  const { label, hint, placeholder = '', list, children, type = 'text', ...field } = props;
  return (
    <TextField className={styles.field ?? ''} {...field} type={type} autoComplete="off" spellCheck="false">
      <Label>{label}</Label>
      <div className={styles.fieldRow}>
        <Input placeholder={placeholder} {...(list !== undefined && { list })} />
        {children}
      </div>
      {hint !== undefined && (
        <Text slot="description" className={styles.quiet ?? ''}>
          {hint}
        </Text>
      )}
      <FieldError className={styles.fault ?? ''} />
    </TextField>
  );
}

interface ChoicesFieldProps {
  label: string;
  choices: readonly (readonly [value: string, title: string])[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
  fault: string | undefined;
}

/** Several boxes to check, of which at least one must be. */
export function ChoicesField({ label, choices, chosen, onChange, fault }: ChoicesFieldProps) {
  const values = choices.map(([value]) => value);
  const id = useId();
  const isFaulty = fault !== undefined && chosen.length === 0;
  return (
    <fieldset className={styles.field} aria-describedby={isFaulty ? id : undefined}>
      <legend>{label}</legend>
      <div className={styles.choices}>
        {choices.map(([value, title]) => (
          <CheckField
            key={value}
            label={title}
            isChecked={chosen.includes(value)}
            onChange={(isChecked) =>
              onChange(values.filter((one) => (one === value ? isChecked : chosen.includes(one))))
            }
          />
        ))}
      </div>
      {isFaulty && (
        <p id={id} className={styles.fault}>
          {fault}
        </p>
      )}
    </fieldset>
  );
}

interface CheckFieldProps {
  label: string;
  isChecked: boolean;
  onChange: (isChecked: boolean) => void;
}

export function CheckField({ label, isChecked, onChange }: CheckFieldProps) {
  return (
    <label className={styles.check}>
      <input type="checkbox" checked={isChecked} onChange={({ target }) => onChange(target.checked)} />
      {label}
    </label>
  );
}
