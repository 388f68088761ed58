import { type ConditionKind, type Feature, severitySchema } from '@sensor-sentinel/contracts';
import { useState } from 'react';
import { CheckField, SelectField, TextField } from '../../ui/fields.tsx';
import { formatAmount } from '../../ui/format-number.ts';
import { useNormalRanges } from '../charts/plot-style.ts';
import { findFeature, toDigits, toTitleWithUnit } from '../types/format-feature.ts';
import { useSensorType } from '../url-state/url-state-context.ts';
import { type ConditionField, conditionForms, conditionKinds } from './condition-fields.ts';
import styles from './editor.module.css';
import { type DraftFaults, type RuleDraft, withKind } from './rule-draft.ts';
import { useMatchingSensors } from './use-rules.ts';

interface RuleFormProps {
  draft: RuleDraft;
  faults: DraftFaults;
  onChange: (draft: RuleDraft) => void;
  /** Whether the name is that of a stored rule. */
  isNamed: boolean;
  /** Only what decides when the rule fires can be tried. */
  isReadOnly: boolean;
}

export function RuleForm({ draft, faults, onChange, isNamed, isReadOnly }: RuleFormProps) {
  const toField = (name: 'name' | 'sensors' | 'for' | 'keep_firing_for') => ({
    value: draft[name],
    fault: faults[name],
    onChange: (text: string) => onChange({ ...draft, [name]: text }),
  });
  const matching = useMatchingSensors(draft.sensors);
  return (
    <div className={styles.form}>
      <TextField label="Name" {...toField('name')} isReadOnly={isNamed || isReadOnly} />
      <ConditionFields draft={draft} faults={faults} onChange={onChange} />
      <TextField
        label="Sensors"
        hint={`* is any text, ? one character. ${describeMatching(matching)}`}
        {...toField('sensors')}
      />
      <div className={styles.pair}>
        <TextField label="Must hold for" hint="before it fires, such as 5m" {...toField('for')} />
        <TextField label="Keeps firing for" hint="after it has ended" {...toField('keep_firing_for')} />
      </div>
      <Message draft={draft} faults={faults} onChange={onChange} isReadOnly={isReadOnly} />
    </div>
  );
}

function describeMatching(matching: ReturnType<typeof useMatchingSensors>): string {
  if (matching === undefined) return '';
  const { names, isAll } = matching;
  if (names.length === 0) return isAll ? 'Matches no sensor yet.' : '';
  return `Matches ${isAll ? '' : 'at least '}${formatAmount(names.length, 'sensor')}.`;
}

type PartProps = Pick<RuleFormProps, 'draft' | 'faults' | 'onChange'>;

function ConditionFields({ draft, faults, onChange }: PartProps) {
  const { features } = useSensorType();
  const usual = useNormalRanges();
  const toLevel = (name: string) => {
    const high = usual[name]?.high;
    return high === undefined ? undefined : Number(high.toFixed(toDigits(high, findFeature(features, name))));
  };
  const choose = (kind: ConditionKind) => onChange(withKind(draft, kind, { features, toLevel }));
  return (
    <fieldset className={styles.condition}>
      <legend className="visually-hidden">Condition</legend>
      <SelectField
        label="Condition"
        value={draft.kind}
        choices={conditionKinds.map((kind) => [kind, conditionForms[kind].title] as const)}
        onChange={(chosen) => choose(conditionKinds.find((kind) => kind === chosen) ?? draft.kind)}
      />
      <div className={styles.pair}>
        {conditionForms[draft.kind].fields.map((field) => (
          <ConditionInput
            key={field.name}
            field={field}
            features={features}
            draft={draft}
            fault={faults[`condition.${field.name}`]}
            onChange={(text) => onChange({ ...draft, condition: { ...draft.condition, [field.name]: text } })}
          />
        ))}
      </div>
    </fieldset>
  );
}

interface ConditionInputProps {
  field: ConditionField;
  features: readonly Feature[];
  draft: RuleDraft;
  fault: string | undefined;
  onChange: (text: string) => void;
}

function ConditionInput({ field, features, draft, fault, onChange }: ConditionInputProps) {
  const { name, input, hint } = field;
  const value = draft.condition[name] ?? '';
  if (input === 'feature')
    return (
      <SelectField
        label={field.label}
        value={value}
        choices={features.map((feature) => [feature.name, toTitleWithUnit(feature)] as const)}
        onChange={onChange}
      />
    );
  if (input === 'check')
    return (
      <CheckField
        label={field.label}
        isChecked={value !== ''}
        onChange={(isChecked) => onChange(isChecked ? 'on' : '')}
      />
    );
  return (
    <TextField
      label={toFieldLabel(field, draft, features)}
      hint={hint}
      type={input === 'number' || input === 'percent' ? 'number' : 'text'}
      value={value}
      fault={fault}
      onChange={onChange}
    />
  );
}

/** `Above (°C)`, `Begins at (%)` */
export function toFieldLabel(
  { label, input, isLevel }: ConditionField,
  { condition }: Pick<RuleDraft, 'condition'>,
  features: readonly Feature[],
): string {
  if (input === 'percent') return `${label} (%)`;
  if (isLevel !== true) return label;
  return toTitleWithUnit({ title: label, unit: findFeature(features, condition.feature ?? '').unit });
}

const severityChoices = [
  ['info', 'Info'],
  ['warning', 'Warning'],
  ['critical', 'Critical'],
] as const;

/** What the incidents of the rule say. */
function Message({ draft, faults, onChange, isReadOnly }: PartProps & { isReadOnly: boolean }) {
  const [isOpenAtFirst] = useState(draft.summary !== '' || draft.labels !== '');
  const toText = (name: 'labels' | 'summary' | 'description') => ({
    value: draft[name],
    fault: faults[name] ?? faults[`annotations.${name}`],
    isReadOnly,
    onChange: (text: string) => onChange({ ...draft, [name]: text }),
  });
  return (
    <>
      <SelectField
        label="Severity"
        value={draft.severity}
        choices={severityChoices}
        isDisabled={isReadOnly}
        onChange={(chosen) => onChange({ ...draft, severity: severitySchema.catch('warning').parse(chosen) })}
      />
      <details className={styles.more} open={isOpenAtFirst}>
        <summary>Text and labels of its incidents</summary>
        <div className={styles.form}>
          <TextField
            label="Summary"
            hint="{{ sensor }}, {{ anomalies }}, {{ readings }} and {{ peak_score }} are filled in"
            {...toText('summary')}
          />
          <TextField label="Description" isLong {...toText('description')} />
          <TextField label="Labels" hint="one per line, such as team: cooling" isLong {...toText('labels')} />
        </div>
      </details>
    </>
  );
}
