import type { ReceiversAnswer } from '@sensor-sentinel/contracts';
import { useState } from 'react';
import { useApi } from '../../api/api-context.ts';
import { DeletionDialog } from '../../ui/deletion-dialog.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useNow } from '../../ui/use-now.ts';
import { Panel } from '../panel/panel.tsx';
import { PanelFallback } from '../panel/panel-fallback.tsx';
import { deliveryIcons, describeDelivery, describeReceiver, kindTitles } from './describe-receiver.ts';
import { ReceiverDialog } from './receiver-dialog.tsx';
import styles from './receivers.module.css';
import { TestButton, TestResult } from './test-message.tsx';
import { useDeleteReceiver, useReceivers, useReceiverTest } from './use-receivers.ts';

type Receiver = ReceiversAnswer['receivers'][number];

/** The form of a receiver, or of a new one if it has none. */
type OpenDialog = { kind: 'form'; receiver?: Receiver } | { kind: 'deletion'; name: string } | null;

/** Who is notified of which incidents, and whether it works. */
export function ReceiversPanel() {
  const query = useReceivers();
  const [open, setOpen] = useState<OpenDialog>(null);
  const close = () => setOpen(null);
  if (query.data === undefined)
    return <PanelFallback title="Receivers" query={query} bones={{ count: 3, height: 60 }} />;
  const receivers = query.data;
  return (
    <Panel
      title="Receivers"
      query={{ ...query, isHeld: true }}
      aside={
        <button type="button" className={styles.primary} onClick={() => setOpen({ kind: 'form' })}>
          Add a receiver
        </button>
      }
    >
      {receivers.length === 0 && (
        <Empty title="Nobody is notified yet">
          Add a receiver to get a message when an incident begins and when it ends, for example on your phone.
        </Empty>
      )}
      <ul className={styles.entries}>
        {receivers.map((receiver) => (
          <ReceiverEntry key={receiver.name} receiver={receiver} onOpen={setOpen} />
        ))}
      </ul>
      {open?.kind === 'form' && (
        <ReceiverDialog receiver={open.receiver} known={receivers.map(({ name }) => name)} onClose={close} />
      )}
      {open?.kind === 'deletion' && <ReceiverDeletion name={open.name} onClose={close} />}
    </Panel>
  );
}

interface ReceiverEntryProps {
  receiver: Receiver;
  onOpen: (open: OpenDialog) => void;
}

function ReceiverEntry({ receiver, onOpen }: ReceiverEntryProps) {
  const { name, kind, target, origin } = receiver;
  const test = useReceiverTest();
  return (
    <li className={styles.entry} aria-label={name}>
      <div className={styles.words}>
        <h3>
          <bdi>{name}</bdi>
        </h3>
        <p className={styles.quiet}>
          {kindTitles[kind]} · <bdi>{target}</bdi>
        </p>
        <p>{describeReceiver(receiver)}</p>
        <LatestDelivery receiver={receiver} />
        {origin === 'file' && (
          <p className={styles.quiet}>From the rules file. Change it there; it cannot be edited here.</p>
        )}
        <TestResult test={test} />
      </div>
      <div className={styles.choices}>
        <TestButton name={name} test={test} />
        {origin === 'person' && (
          <>
            <button
              type="button"
              aria-label={`Edit ${name}`}
              onClick={() => onOpen({ kind: 'form', receiver })}
            >
              Edit…
            </button>
            <button
              type="button"
              aria-label={`Delete ${name}`}
              onClick={() => onOpen({ kind: 'deletion', name })}
            >
              Delete…
            </button>
          </>
        )}
      </div>
    </li>
  );
}

function LatestDelivery({ receiver: { latest } }: { receiver: Receiver }) {
  useNow(); // for the age of the message
  const nowMs = useApi().now();
  if (latest === null) return <p className={styles.quiet}>No message sent yet.</p>;
  return (
    <p className={styles.state} data-state={latest.state}>
      <Icon name={deliveryIcons[latest.state]} size={14} /> Newest message {describeDelivery(latest, nowMs)}
    </p>
  );
}

function ReceiverDeletion({ name, onClose }: { name: string; onClose: () => void }) {
  const deletion = useDeleteReceiver();
  return (
    <DeletionDialog
      title={`Delete the receiver ${name}?`}
      what="receiver"
      deletion={deletion}
      onDelete={() => deletion.mutate(name, { onSuccess: onClose })}
      onClose={onClose}
    >
      It gets no more messages. Messages that were sent stay in the log.
    </DeletionDialog>
  );
}
