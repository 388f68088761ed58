import type { Models } from '@sensor-sentinel/contracts';
import { useEffect, useRef, useState } from 'react';
import { Icon } from '../../ui/icon.tsx';
import { Panel } from '../panel/panel.tsx';
import type { ShownQuery } from '../panel/use-query-freshness.ts';
import { ActivationDialog } from './activation-dialog.tsx';
import { ModelEntry } from './model-entry.tsx';
import type { ModelRow } from './model-rows.ts';
import styles from './models-panel.module.css';

interface ModelsPanelProps {
  query: ShownQuery;
  models: Models;
  rows: readonly ModelRow[];
  shown: string | undefined;
  /** The model that the URL requests. */
  requested: string | null;
}

/** The files of the model folder, with their state and actions. */
export function ModelsPanel({ query, models, rows, shown, requested }: ModelsPanelProps) {
  const [chosen, setChosen] = useState<ModelRow | null>(null);
  const [activated, setActivated] = useState<string | null>(null);
  const { active, faults } = models;
  return (
    <Panel title="Models" query={query}>
      {activated !== null && activated === active && <ActivatedNote key={activated} name={activated} />}
      {active === null && <p className={styles.none}>No model is in use, so readings cannot be scored.</p>}
      {requested !== null && rows.every(({ model }) => model.name !== requested) && (
        <p className={styles.none}>
          <strong>{requested}</strong> is not loaded.
        </p>
      )}
      {rows.length === 0 && <p className={styles.none}>The model folder contains no usable model.</p>}
      <ul className={styles.entries}>
        {rows.map(({ model, state }) => (
          <ModelEntry
            // Resets the result of a check when another model is activated, because checks compare with the model in use.
            key={`${model.file} ${model.name} ${active}`}
            model={model}
            state={state}
            active={active}
            isShown={model.name === shown}
            onActivate={() => setChosen({ model, state })}
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
          active={active}
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

/** Takes the focus, because the button that had it no longer exists. */
function ActivatedNote({ name }: { name: string }) {
  const note = useRef<HTMLParagraphElement>(null);
  useEffect(() => note.current?.focus(), []);
  return (
    <p ref={note} tabIndex={-1} className={styles.activated}>
      <Icon name="check" /> <strong>{name}</strong> now scores new readings.
    </p>
  );
}
