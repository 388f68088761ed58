import { type ReactNode, useId } from 'react';
import { FieldError } from 'react-aria-components/FieldError';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { Text } from 'react-aria-components/Text';
import { TextArea } from 'react-aria-components/TextArea';
import { TextField as AriaTextField } from 'react-aria-components/TextField';
import styles from './fields.module.css';

interface TextFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  hint?: ReactNode;
  /** What is wrong with the value, unless a form around it knows that by the name of the field. */
  fault?: string | undefined;
  name?: string;
  placeholder?: string | undefined;
  type?: 'text' | 'password' | 'number' | undefined;
  /** Has several lines. */
  isLong?: boolean;
  isReadOnly?: boolean;
  /** The id of a `datalist` with suggestions. */
  list?: string;
  autoFocus?: boolean;
  /** A button beside the field. */
  children?: ReactNode;
}

/** A field for text with its label, what it is for, and its fault. */
export function TextField(props: TextFieldProps) {
  const {
    label,
    hint,
    fault,
    placeholder = '',
    type = 'text',
    isLong = false,
    list,
    children,
    ...field
  } = props;
  return (
    <AriaTextField
      className={styles.field ?? ''}
      {...field}
      {...(fault !== undefined && { isInvalid: true })}
      validationBehavior="aria"
      type={type}
      autoComplete="off"
      spellCheck="false"
    >
      <Label>{label}</Label>
      <div className={styles.row}>
        {isLong ? (
          <TextArea rows={2} />
        ) : (
          <Input
            placeholder={placeholder}
            {...(list !== undefined && { list })}
            {...(type === 'number' && { step: 'any' })}
          />
        )}
        {children}
      </div>
      {hint !== undefined && (
        <Text slot="description" className={styles.hint ?? ''}>
          {hint}
        </Text>
      )}
      <FieldError className={styles.fault ?? ''}>{fault}</FieldError>
    </AriaTextField>
  );
}

interface SelectFieldProps {
  label: string;
  value: string;
  choices: readonly (readonly [value: string, title: string])[];
  onChange: (value: string) => void;
  isDisabled?: boolean;
}

/** A choice of one, as a native list. */
export function SelectField({ label, value, choices, onChange, isDisabled = false }: SelectFieldProps) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} disabled={isDisabled} onChange={({ target }) => onChange(target.value)}>
        {choices.map(([choice, title]) => (
          <option key={choice} value={choice}>
            {title}
          </option>
        ))}
      </select>
    </div>
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
