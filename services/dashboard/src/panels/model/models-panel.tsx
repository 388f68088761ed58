import type { Models } from '@sensor-sentinel/contracts';
import { useEffect, useRef, useState } from 'react';
import type { ShownQuery } from '../../api/use-query-freshness.ts';
import { Icon } from '../../components/icon.tsx';
import { Panel } from '../../components/panel.tsx';
import { ActivationDialog } from './activation-dialog.tsx';
import { ModelEntry } from './model-entry.tsx';
import type { ModelRow } from './model-rows.ts';
import styles from './models-panel.module.css';

interface ModelsPanelProps {
  query: ShownQuery;
  models: Models;
  rows: readonly ModelRow[];
  shown: string | undefined;
  /** The model that the address asks for. */
  asked: string | null;
}

/** Every file of the model folder, and what can be done with it. */
export function ModelsPanel({ query, models, rows, shown, asked }: ModelsPanelProps) {
  const [chosen, setChosen] = useState<ModelRow | null>(null);
  const [activated, setActivated] = useState<string | null>(null);
  const { active, faults } = models;
  return (
    <Panel title="Models" query={query}>
      {activated !== null && activated === active && <ActivatedNote key={activated} name={activated} />}
      {active === null && <p className={styles.none}>No model is in use: readings cannot be scored.</p>}
      {asked !== null && rows.every(({ model }) => model.name !== asked) && (
        <p className={styles.none}>
          <strong>{asked}</strong> is not loaded.
        </p>
      )}
      {rows.length === 0 && <p className={styles.none}>No model of the folder can be used.</p>}
      <ul className={styles.entries}>
        {rows.map(({ model, state }) => (
          <ModelEntry
            // What was checked, was checked against the model in use.
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
              <Icon name="offline" size={14} /> Faulty file, not loaded
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

/** Takes the focus, since the button that had it is gone. */
function ActivatedNote({ name }: { name: string }) {
  const note = useRef<HTMLParagraphElement>(null);
  useEffect(() => note.current?.focus(), []);
  return (
    <p ref={note} tabIndex={-1} className={styles.activated}>
      <Icon name="check" /> <strong>{name}</strong> scores new readings from now on.
    </p>
  );
}
