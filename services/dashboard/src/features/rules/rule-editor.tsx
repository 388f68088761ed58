import type { ListedRule, Rule } from '@sensor-sentinel/contracts';
import { useEffect, useMemo, useRef, useState } from 'react';
import { Icon } from '../../ui/icon.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { Panel } from '../panel/panel.tsx';
import { UrlLink } from '../url-state/url-link.tsx';
import { useSensorType, useUrlState } from '../url-state/url-state-context.ts';
import { describeRule } from './describe-rule.ts';
import styles from './editor.module.css';
import {
  checkDraft,
  createDraft,
  type DraftFaults,
  type RuleDraft,
  toDraftOf,
  toPreviewed,
} from './rule-draft.ts';
import { RuleForm } from './rule-form.tsx';
import { toRuleYaml } from './rule-yaml.ts';
import listStyles from './rules.module.css';
import { ThresholdLab } from './threshold-lab.tsx';
import { useLeaveQuestion } from './use-leave-question.ts';
import { useRuleChange } from './use-rules.ts';

interface RuleEditorProps {
  /** Null: a new rule. */
  stored: ListedRule | null;
  /** Whether the stored rule has been deleted since the editor was opened. */
  isGone: boolean;
  rules: readonly ListedRule[];
  /** After a click in the list, whose link had the focus. */
  takesFocus: boolean;
  onSaved: (name: string) => void;
}

const loaded = { isError: false, error: null, isPlaceholderData: false, dataUpdatedAt: 0, isHeld: true };

/** A rule as a form and as YAML, with what it would have raised. The draft is never overwritten by what arrives. */
export function RuleEditor(props: RuleEditorProps) {
  const { stored, rules, takesFocus } = props;
  const type = useSensorType();
  const [first] = useState(() => (stored === null ? createDraft() : toDraftOf(stored)));
  const [draft, setDraft] = useState(first);
  const [hasTried, setHasTried] = useState(false);
  const isReadOnly = stored?.origin === 'file';
  const isNamed = stored?.origin === 'person';
  const isDirty = !isReadOnly && JSON.stringify(draft) !== JSON.stringify(first);
  const { rule, faults } = useMemo(
    () => checkNamed(draft, type.name, isNamed || isReadOnly ? [] : rules),
    [draft, type, isNamed, isReadOnly, rules],
  );
  const { store, save } = useSaving(rule, { isDirty, onSaved: props.onSaved });
  const sentence = useMemo(() => toPreviewed(draft, type.name), [draft, type]);
  return (
    <div className={styles.editor}>
      <Panel
        title={stored === null ? 'New rule' : stored.name}
        query={loaded}
        aside={<BackLink takesFocus={takesFocus} />}
      >
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            setHasTried(true);
            save();
          }}
        >
          <Notes {...props} type={type.name} />
          {sentence && <p className={styles.sentence}>{describeRule(sentence, type.features)}</p>}
          <RuleForm
            draft={draft}
            faults={toShownFaults(faults, draft, hasTried)}
            onChange={setDraft}
            isNamed={isNamed}
            isReadOnly={isReadOnly}
          />
          {!isReadOnly && (
            <div className={listStyles.actions}>
              <button type="submit" className={styles.save} disabled={isNamed && !isDirty}>
                {store.isPending ? 'Saving…' : 'Save rule'}
              </button>
              {hasTried && rule === undefined && <p className={styles.fault}>Correct the marked fields.</p>}
            </div>
          )}
          {store.isError && (
            <p role="alert" className={styles.fault}>
              The rule could not be saved: {store.error.message}
            </p>
          )}
        </form>
      </Panel>
      <ThresholdLab draft={draft} stored={stored} onChange={setDraft} />
      <YamlPanel yaml={rule && toRuleYaml(rule)} />
    </div>
  );
}

interface SavingOptions extends Pick<RuleEditorProps, 'onSaved'> {
  isDirty: boolean;
}

/** Stores the rule and returns to the list. Asks before unsaved changes are lost. */
function useSaving(rule: Rule | undefined, { isDirty, onSaved }: SavingOptions) {
  const { push } = useUrlState();
  const { store } = useRuleChange();
  const leave = useLeaveQuestion(isDirty);

  function save() {
    if (rule === undefined || store.isPending) return;
    store.mutate(rule, {
      onSuccess: () => {
        leave.allow();
        onSaved(rule.name);
        push((state) => ({ ...state, rule: null, newRule: false }));
      },
    });
  }

  return { store, save };
}

function checkNamed(draft: RuleDraft, type: string, taken: readonly ListedRule[]) {
  const checked = checkDraft(draft, type);
  const isTaken = taken.some(({ name, origin }) => name === draft.name.trim() && origin !== 'default');
  if (!isTaken) return checked;
  return { rule: undefined, faults: { ...checked.faults, name: 'There is already a rule with this name.' } };
}

/** A field that is still empty has no fault before the first try to save. */
function toShownFaults(faults: DraftFaults, { name }: RuleDraft, hasTried: boolean): DraftFaults {
  if (hasTried || name !== '') return faults;
  const { name: _, ...others } = faults;
  return others;
}

function BackLink({ takesFocus }: { takesFocus: boolean }) {
  const link = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (takesFocus) link.current?.querySelector('a')?.focus({ preventScroll: true });
  }, [takesFocus]);
  return (
    <span ref={link}>
      <UrlLink className={listStyles.button} to={(state) => ({ ...state, rule: null, newRule: false })}>
        All rules
      </UrlLink>
    </span>
  );
}

/** Where the rule comes from, and what has become of it while it was being edited. */
function Notes({ stored, isGone, type }: RuleEditorProps & { type: string }) {
  const [openedAt] = useState(stored?.changed_at);
  if (stored === null) return null;
  const { origin, changed_at, counts } = stored;
  const notes = [
    ...(origin === 'file'
      ? [
          'This rule comes from the rules file: change it there. What you try here is not saved. Copy the YAML into the file.',
        ]
      : []),
    ...(origin === 'default'
      ? [
          `This is the default rule. If you save it, it becomes a rule of yours, and the default is no longer used for the sensor type ${type}.`,
        ]
      : []),
    ...(isGone ? ['This rule is no longer in use: somebody has deleted it, or made another one.'] : []),
    ...(changed_at !== openedAt
      ? ['Somebody has changed this rule meanwhile. Your save replaces theirs.']
      : []),
    ...(origin === 'person' && (counts.firing ?? 0) > 0
      ? ['It fires now. If you change when it fires, its incidents end.']
      : []),
  ];
  return notes.map((note) => (
    <p key={note} className={listStyles.origin}>
      {note}
    </p>
  ));
}

/** The rule as it would stand in the rules file. */
function YamlPanel({ yaml }: { yaml: string | undefined }) {
  const [copied, setCopied] = useState<string | null>(null);
  const isCopied = copied !== null && copied === yaml;
  const copy = (text: string) => navigator.clipboard.writeText(text).then(() => setCopied(text));
  // Browsers have no clipboard on addresses without HTTPS, other than localhost.
  const button = window.isSecureContext && yaml !== undefined && (
    <button type="button" onClick={() => copy(yaml).catch(() => setCopied(null))}>
      {isCopied && <Icon name="check" size={14} />} {isCopied ? 'Copied' : 'Copy'}
    </button>
  );
  return (
    <Panel title="In the rules file" query={loaded} aside={button}>
      {yaml === undefined ? (
        <p className={styles.quiet}>Shown when all fields are filled in correctly.</p>
      ) : (
        <ScrollRegion className={styles.yaml} label="YAML">
          <pre>{yaml}</pre>
        </ScrollRegion>
      )}
    </Panel>
  );
}
