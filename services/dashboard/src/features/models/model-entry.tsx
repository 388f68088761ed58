import { useState } from 'react';
import { formatPercent } from '../../ui/format-number.ts';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { UrlLink } from '../url-state/url-link.tsx';
import { toFamilyTitle } from './family-title.ts';
import { GateAnswer } from './gate-answer.tsx';
import type { LoadedModel, ModelState } from './model-rows.ts';
import styles from './models-panel.module.css';
import { useDryRun } from './use-activation.ts';

const states: Record<ModelState, { title: string; icon: IconName }> = {
  serving: { title: 'In use', icon: 'check' },
  previous: { title: 'Previous, ready for rollback', icon: 'history' },
  ready: { title: 'Ready to activate', icon: 'waiting' },
  unfit: { title: 'Cannot be activated', icon: 'offline' },
};

function describeOrigin({ origin }: LoadedModel): string {
  if (origin.kind === 'imported') return `imported from ${origin.format} ${origin.version}`;
  return `trained here, test accuracy ${formatPercent(origin.test.accuracy)}`;
}

interface ModelEntryProps {
  model: LoadedModel;
  state: ModelState;
  /** The model in use. */
  active: string | null;
  isShown: boolean;
  onActivate: () => void;
}

export function ModelEntry({ model, state, active, isShown, onActivate }: ModelEntryProps) {
  const { name, family, file, obstacle, on_disk } = model;
  const { title, icon } = states[state];
  const verb = state === 'previous' ? 'Roll back to' : 'Activate';
  const [isEnabled, setIsEnabled] = useState(false);
  const dryRun = useDryRun(name, { active, isEnabled });
  return (
    <li className={styles.entry} data-state={state} data-shown={isShown || undefined}>
      <div className={styles.entryWords}>
        <UrlLink
          className={styles.entryTitle}
          to={(current) => ({ ...current, model: name })}
          current={isShown ? 'true' : undefined}
        >
          {name}
        </UrlLink>
        <span className={styles.entryDetail}>
          {toFamilyTitle(family)}, {describeOrigin(model)} · {file}
        </span>
        {obstacle !== undefined && <span className={styles.entryFault}>{obstacle}</span>}
        {on_disk === false && (
          <span className={styles.entryFault}>
            The file was removed or replaced. This model stays loaded until the API restarts.
          </span>
        )}
      </div>
      <span className={styles.state}>
        <Icon name={icon} size={14} /> {title}
      </span>
      {(state === 'ready' || state === 'previous') && (
        <div className={styles.entryActions}>
          <button
            type="button"
            aria-label={`Check ${name}`}
            disabled={dryRun.isFetching}
            onClick={() => (isEnabled ? dryRun.refetch() : setIsEnabled(true))}
          >
            Check
          </button>
          <button type="button" aria-label={`${verb} ${name}`} onClick={onActivate}>
            {state === 'previous' ? 'Roll back' : 'Activate'}
          </button>
        </div>
      )}
      <div className={styles.entryGate}>
        <GateAnswer dryRun={dryRun} />
      </div>
    </li>
  );
}
