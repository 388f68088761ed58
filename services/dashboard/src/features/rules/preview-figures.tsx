import type { PreviewIncident, RulePreview } from '@sensor-sentinel/contracts';
import { formatDuration } from '../../ui/format-duration.ts';
import {
  formatAmount,
  formatCount,
  formatDecimal,
  formatPercent,
  formatScore,
} from '../../ui/format-number.ts';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { toWindow } from '../time/time-window.ts';
import { Timestamp } from '../time/timestamp.tsx';
import { formatUrlState } from '../url-state/query-string.ts';
import { goHistorical } from '../url-state/time-transitions.ts';
import { nothingOpen } from '../url-state/url-state.ts';
import { useUrlState } from '../url-state/url-state-context.ts';
import styles from './editor.module.css';

/** `2 incidents instead of 132` */
export function compareInWords({ counts, readings }: RulePreview, now: number | undefined): string {
  const draft = counts.incidents;
  if (readings === 0 && draft === 0) return 'There are no readings to try it on';
  const amount = formatAmount(draft, 'incident');
  if (now === undefined) return amount;
  return draft === now ? `${amount}, as now` : `${amount} instead of ${formatCount(now)}`;
}

interface Figure {
  title: string;
  meaning?: string;
  toText: (preview: RulePreview) => string;
}

const figures: readonly Figure[] = [
  { title: 'Incidents', toText: ({ counts }) => formatCount(counts.incidents) },
  { title: 'One reading long', toText: countShortest },
  { title: 'Incidents per day', toText: ({ counts }) => formatDecimal(counts.per_day) },
  { title: 'Sensors with incidents', toText: ({ counts }) => formatCount(counts.sensors) },
  { title: 'Median length', toText: (preview) => formatSeconds(preview.median_length_s) },
  {
    title: 'Median delay',
    meaning: 'From the beginning of an incident until people are notified',
    toText: (preview) => formatSeconds(preview.median_delay_s),
  },
];

const figuresWithFeedback: readonly Figure[] = [
  {
    title: 'Precision',
    meaning: 'Of the incidents with feedback, the share that was real',
    toText: ({ feedback }) => formatShare(feedback?.precision),
  },
  {
    title: 'Recall',
    meaning: 'Of the readings that people say are anomalies, the share that is in an incident',
    toText: ({ feedback }) => formatShare(feedback?.recall),
  },
];

interface PreviewFiguresProps {
  draft: RulePreview;
  /** What the stored rule would have raised: null while it is loaded, undefined if there is none. */
  now: RulePreview | null | undefined;
}

export function PreviewFigures({ draft, now }: PreviewFiguresProps) {
  const shown = draft.feedback === null ? figures : [...figures, ...figuresWithFeedback];
  const columns = [
    { title: 'Figure' },
    ...(now === undefined ? [] : [{ title: 'Now', isNumber: true }]),
    { title: 'Draft', isNumber: true },
  ];
  return (
    <div className={styles.figures}>
      <SimpleTable
        label="Now and draft"
        columns={columns}
        rows={shown.map(({ title, meaning, toText }) => ({
          key: title,
          cells: [
            <span key="title" title={meaning}>
              {title}
            </span>,
            ...(now === undefined ? [] : [now === null ? '…' : toText(now)]),
            <strong key="draft">{toText(draft)}</strong>,
          ],
        }))}
      />
      {draft.feedback !== null && (
        <p className={styles.quiet}>
          Precision and recall are by {formatAmount(draft.feedback.labeled, 'reading')} with feedback.
        </p>
      )}
    </div>
  );
}

/** Only of the incidents that the answer lists, which are the newest ones. */
function countShortest({ incidents, incidents_truncated }: RulePreview): string {
  const count = formatCount(incidents.filter(({ readings }) => readings <= 1).length);
  return incidents_truncated ? `${count} of the newest ${formatCount(incidents.length)}` : count;
}

function formatSeconds(seconds: number | null): string {
  if (seconds === null) return '–';
  return seconds > 0 && seconds < 1 ? 'under 1 s' : formatDuration(seconds * 1000);
}

function formatShare(share: number | null | undefined): string {
  return share == null ? '–' : formatPercent(share);
}

const mostListed = 50;

/** The newest incidents; each opens its charts in another tab, so that the draft stays. */
export function PreviewedIncidents({ preview: { incidents, counts } }: { preview: RulePreview }) {
  if (incidents.length === 0) return null;
  const listed = incidents.slice(0, mostListed);
  return (
    <section className={styles.incidents} aria-label="Incidents of the draft">
      <h3>{counts.incidents > listed.length ? `The newest ${listed.length} incidents` : 'Incidents'}</h3>
      <SimpleTable
        label="Incidents of the draft"
        columns={[
          { title: 'Began' },
          { title: 'Sensor' },
          { title: 'Length', isNumber: true },
          { title: 'Readings', isNumber: true },
          { title: 'Highest score', isNumber: true, isWide: true },
        ]}
        rows={listed.map((incident) => ({
          key: `${incident.sensor_id} ${incident.started_at}`,
          cells: [
            <IncidentLink key="began" incident={incident} />,
            <bdi key="sensor">{incident.sensor_id}</bdi>,
            formatLength(incident),
            formatCount(incident.readings),
            formatScore(incident.peak_score),
          ],
        }))}
      />
    </section>
  );
}

function formatLength({ started_at, cleared_at }: PreviewIncident): string {
  if (cleared_at === null) return 'still open';
  return formatSeconds((Date.parse(cleared_at) - Date.parse(started_at)) / 1000);
}

const marginMs = 60_000;

function IncidentLink({ incident: { sensor_id, started_at, cleared_at } }: { incident: PreviewIncident }) {
  const { state } = useUrlState();
  const window = toWindow(Date.parse(started_at) - marginMs, Date.parse(cleared_at ?? started_at) + marginMs);
  const time = goHistorical(state.time, window);
  const target = formatUrlState({ ...state, ...nothingOpen, view: 'overview', sensors: [sensor_id], time });
  return (
    <a href={`?${target}`} target="_blank" rel="noreferrer">
      <Timestamp iso={started_at} />
      <span className="visually-hidden"> (charts in a new tab)</span>
    </a>
  );
}
