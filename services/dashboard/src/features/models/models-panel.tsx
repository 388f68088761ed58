import type { Models } from '@sensor-sentinel/contracts';
import { useState } from 'react';
import { formatPercent } from '../../ui/format-number.ts';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { Panel, type ShownQuery } from '../panel/panel.tsx';
import { UrlLink } from '../url-state/url-link.tsx';
import { useUrlState } from '../url-state/url-state-context.ts';
import { ActivationDialog } from './activation-dialog.tsx';
import { type LoadedModel, type ModelRow, type ModelState, toFamilyTitle } from './model-rows.ts';
import styles from './models.module.css';

interface ModelsPanelProps {
  query: ShownQuery;
  models: Models;
  rows: readonly ModelRow[];
  shown: string | undefined;
}

/** The files of the model folder, with their state and actions. */
export function ModelsPanel({ query, models, rows, shown }: ModelsPanelProps) {
  const [chosen, setChosen] = useState<ModelRow | null>(null);
  const [activated, setActivated] = useState<string | null>(null);
  const { active, faults } = models;
  const requested = useUrlState().state.model;
  return (
    <Panel title="Models" query={query}>
      {activated !== null && activated === active && (
        <p key={activated} ref={focus} tabIndex={-1} className={styles.activated}>
          <Icon name="check" /> <strong>{activated}</strong> now scores new readings.
        </p>
      )}
      {active === null && <p className={styles.none}>No model is in use, so readings cannot be scored.</p>}
      {requested !== null && rows.every(({ model }) => model.name !== requested) && (
        <p className={styles.none}>
          <strong>{requested}</strong> is not loaded.
        </p>
      )}
      {rows.length === 0 && <p className={styles.none}>The model folder contains no usable model.</p>}
      <ul className={styles.entries}>
        {rows.map((row) => (
          <ModelEntry
            key={`${row.model.file} ${row.model.name}`}
            row={row}
            isShown={row.model.name === shown}
            onActivate={() => setChosen(row)}
          />
        ))}
        {faults.map(({ file, detail }) => (
          <li key={file} className={styles.entry} data-state="faulty">
            <div className={styles.entryWords}>
              <span className={styles.entryTitle}>{file}</span>
              <span className={styles.entryFault}>{detail}</span>
            </div>
            <span className={styles.state}>
              <Icon name="offline" size={14} /> Invalid file, not loaded
            </span>
          </li>
        ))}
      </ul>
      {chosen !== null && (
        <ActivationDialog
          key={chosen.model.name}
          row={chosen}
          inUse={rows.find(({ state }) => state === 'serving')?.model}
          onClose={() => setChosen(null)}
          onActivated={({ model }) => {
            setChosen(null);
            setActivated(model);
          }}
        />
      )}
    </Panel>
  );
}

/** The note takes the focus, because the button that had it no longer exists. */
function focus(note: HTMLElement | null) {
  note?.focus();
}

const states: Record<ModelState, { title: string; icon: IconName }> = {
  serving: { title: 'In use', icon: 'check' },
  previous: { title: 'Used before', icon: 'history' },
  ready: { title: 'Ready', icon: 'waiting' },
  unfit: { title: 'Cannot be activated', icon: 'offline' },
};

interface ModelEntryProps {
  row: ModelRow;
  isShown: boolean;
  onActivate: () => void;
}

function ModelEntry({ row: { model, state }, isShown, onActivate }: ModelEntryProps) {
  const { name, family, file, obstacle, on_disk } = model;
  const { title, icon } = states[state];
  const verb = state === 'previous' ? 'Roll back to' : 'Activate';
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
        <button type="button" aria-label={`${verb} ${name}`} onClick={onActivate}>
          {state === 'previous' ? 'Roll back…' : 'Activate…'}
        </button>
      )}
    </li>
  );
}

function describeOrigin({ origin }: LoadedModel): string {
  if (origin.kind === 'imported') return `imported from ${origin.format} ${origin.version}`;
  return `trained here, ${formatPercent(origin.test.accuracy)} accurate in the test`;
}
