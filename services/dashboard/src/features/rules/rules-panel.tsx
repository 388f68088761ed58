import { type ListedRule, type RulesAnswer, toRuleSeverity } from '@sensor-sentinel/contracts';
import { useEffect, useRef, useState } from 'react';
import { DeletionDialog } from '../../ui/deletion-dialog.tsx';
import { Icon } from '../../ui/icon.tsx';
import { SeverityLabel } from '../incidents/incidents-table.tsx';
import { Panel, type ShownQuery } from '../panel/panel.tsx';
import { UrlLink } from '../url-state/url-link.tsx';
import { type UrlState, withType } from '../url-state/url-state.ts';
import { useFeaturesOf, useSensorType, useUrlState } from '../url-state/url-state-context.ts';
import { describeRule, describeStates } from './describe-rule.ts';
import styles from './rules.module.css';
import { useRuleChange } from './use-rules.ts';

interface RulesPanelProps {
  query: ShownQuery;
  answer: RulesAnswer;
  /** What has just happened, for the person who did it. */
  note: string | null;
  onNote: (note: string) => void;
}

/** All rules with their states. */
export function RulesPanel({ query, answer: { rules, faults }, note, onNote }: RulesPanelProps) {
  const [leaving, setLeaving] = useState<ListedRule | null>(null);
  return (
    <Panel
      title="Rules"
      query={query}
      aside={
        <UrlLink className={styles.button} to={(state) => ({ ...state, newRule: true })}>
          New rule
        </UrlLink>
      }
    >
      {note !== null && <Note key={note} text={note} />}
      <RuleFaults faults={faults} />
      <ul className={styles.rules} aria-label="Rules">
        {rules.map((rule) => (
          <RuleEntry key={`${rule.type} ${rule.name}`} rule={rule} onDelete={() => setLeaving(rule)} />
        ))}
      </ul>
      {leaving !== null && (
        <RuleDeletion
          rule={leaving}
          onClose={() => setLeaving(null)}
          onDeleted={() => {
            setLeaving(null);
            onNote(`“${leaving.name}” is deleted.`);
          }}
        />
      )}
    </Panel>
  );
}

/** Takes the focus, because the button that had it no longer exists. */
function Note({ text }: { text: string }) {
  const note = useRef<HTMLParagraphElement>(null);
  // An effect runs after those by which a dialog makes the page usable again.
  useEffect(() => note.current?.focus(), []);
  return (
    <p ref={note} tabIndex={-1} className={styles.note}>
      <Icon name="check" /> {text}
    </p>
  );
}

function RuleFaults({ faults }: Pick<RulesAnswer, 'faults'>) {
  if (faults.length === 0) return null;
  return (
    <div className={styles.faults} role="alert">
      <p>
        <Icon name="offline" /> <strong>The rules file has faults.</strong> Until they are corrected, the
        rules of before stay in use.
      </p>
      <ul>
        {faults.map(({ line, column, path, message }) => (
          <li key={`${line} ${column} ${path} ${message}`}>
            Line {line}: {path !== '' && <code>{path}</code>} {message}
          </li>
        ))}
      </ul>
    </div>
  );
}

const originWords = {
  file: 'from the rules file',
  person: 'made here or over HTTP',
  default: 'the default, while there is no other rule',
} as const;

function RuleEntry({ rule, onDelete }: { rule: ListedRule; onDelete: () => void }) {
  const { name, type, origin } = rule;
  const { types } = useUrlState();
  const shown = useSensorType();
  const features = useFeaturesOf(type);
  const states = describeStates(rule);
  const isFiring = (rule.counts.firing ?? 0) > 0;
  const ofType = types?.find((known) => known.name === type);
  const open = (state: UrlState): UrlState => ({
    ...(type === shown.name ? state : withType(state, ofType?.is_default === true ? undefined : type)),
    rule: name,
  });
  return (
    <li className={styles.rule} data-firing={isFiring || undefined}>
      <div className={styles.words}>
        <h3>
          <bdi>{name}</bdi> <SeverityLabel severity={toRuleSeverity(rule)} />
        </h3>
        <p>{describeRule(rule, features)}</p>
        <p className={styles.quiet}>
          {(types?.length ?? 0) > 1 && `${type} · `}
          {originWords[origin]}
        </p>
      </div>
      <p className={styles.states} data-firing={isFiring || undefined}>
        <Icon name={isFiring ? 'anomaly' : states === undefined ? 'check' : 'waiting'} />
        {states ?? 'Not firing'}
      </p>
      <div className={styles.actions}>
        <UrlLink className={styles.button} to={open}>
          {origin === 'person' ? 'Edit' : 'Try'}
          <span className="visually-hidden"> {name}</span>
        </UrlLink>
        {origin === 'person' && (
          <button type="button" onClick={onDelete} aria-label={`Delete ${name}`}>
            Delete…
          </button>
        )}
      </div>
    </li>
  );
}

interface RuleDeletionProps {
  rule: ListedRule;
  onClose: () => void;
  onDeleted: () => void;
}

function RuleDeletion({ rule: { name }, onClose, onDeleted }: RuleDeletionProps) {
  const { remove } = useRuleChange();
  return (
    <DeletionDialog
      title={`Delete “${name}”?`}
      what="rule"
      deletion={remove}
      onDelete={() => remove.mutate(name, { onSuccess: onDeleted })}
      onClose={onClose}
    >
      Its open incidents end. Incidents of the past stay.
    </DeletionDialog>
  );
}
