import type { ReactNode } from 'react';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { toClockText, toShortText } from '../time/format-time.ts';
import { Timestamp } from '../time/timestamp.tsx';
import { useZone } from '../url-state/url-state-context.ts';
import styles from './alert-box.module.css';
import type { AlertTone, AlertView } from './alert-view.ts';

const icons: Record<AlertTone, IconName> = {
  normal: 'check',
  anomaly: 'anomaly',
  silent: 'silent',
  unscored: 'waiting',
  empty: 'waiting',
  historical: 'history',
  unknown: 'offline',
  loading: 'waiting',
};

interface AlertFrameProps {
  view: AlertView;
  /** A headline that is updated every second; screen readers only get `view.headline`, so it is announced once. */
  liveHeadline?: string | undefined;
  lostSince?: number | null;
  silentNote?: string | null;
  clockNote?: string | null;
  incidentNote?: ReactNode;
  children?: ReactNode;
}

export function AlertFrame(props: AlertFrameProps) {
  const {
    view,
    liveHeadline,
    lostSince = null,
    silentNote = null,
    clockNote = null,
    incidentNote,
    children,
  } = props;
  const { tone, headline, subject, since } = view;
  const zone = useZone();
  return (
    <section
      className={styles.box}
      aria-label="Alert"
      data-tone={tone}
      data-stale={lostSince !== null || undefined}
    >
      <Icon name={icons[tone]} size={34} />
      <div className={styles.words}>
        <div role="status" aria-atomic="true">
          <h2 className={styles.headline}>
            {liveHeadline === undefined ? (
              headline
            ) : (
              <>
                <span className="visually-hidden">{headline}</span>
                <span aria-hidden="true">{liveHeadline}</span>
              </>
            )}
          </h2>
          <p>
            {subject}
            {since !== null && ' since '}
            {since !== null && (
              <Timestamp iso={since} text={toShortText(new Date(since), new Date(), zone)} />
            )}
            {incidentNote}
          </p>
          {lostSince !== null && (
            <p className={styles.lost}>Last known state at {toClockText(new Date(lostSince), zone)}</p>
          )}
          <Note icon="silent" text={silentNote} />
        </div>
        {/* Outside the status region, because the offset may change slightly with every reading. */}
        <Note icon="waiting" text={clockNote} />
      </div>
      {children}
    </section>
  );
}

function Note({ icon, text }: { icon: IconName; text: string | null }) {
  if (text === null) return null;
  return (
    <p className={styles.note}>
      <Icon name={icon} size={14} /> {text}
    </p>
  );
}
