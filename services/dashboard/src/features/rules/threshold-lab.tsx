import type { ListedRule, RulePreview } from '@sensor-sentinel/contracts';
import { useId, useMemo, useState } from 'react';
import { formatAmount } from '../../ui/format-number.ts';
import { Panel } from '../panel/panel.tsx';
import { type SeriesPoints, toValue } from '../series/use-series.ts';
import { describeWindow } from '../time/format-time.ts';
import { formatValue, withUnit } from '../types/format-feature.ts';
import { useShownFeatures } from '../types/shown-features.tsx';
import { useSensorType, useUrlState, useZone } from '../url-state/url-state-context.ts';
import { type ConditionField, conditionForms, findStop, toLevels, toStops } from './condition-fields.ts';
import styles from './editor.module.css';
import { LabChart } from './lab-chart.tsx';
import { compareInWords, PreviewedIncidents, PreviewFigures } from './preview-figures.tsx';
import { pickPreviewed, type RuleDraft, toPreviewed } from './rule-draft.ts';
import { toFieldLabel } from './rule-form.tsx';
import { useLabSeries, useLabWindow, useMatchingSensors, usePreview, useSettled } from './use-rules.ts';

interface ThresholdLabProps {
  draft: RuleDraft;
  /** The rule as it is in use; null if it is new. */
  stored: ListedRule | null;
  onChange: (draft: RuleDraft) => void;
}

const settleMs = 250;

/** What the draft would have raised in the selected window, beside what the stored rule would have. */
export function ThresholdLab({ draft, stored, onChange }: ThresholdLabProps) {
  const { name: type, features } = useSensorType();
  const shownFeatures = useShownFeatures();
  const window = useLabWindow();
  const { previewed, isValid } = useLastValid(draft, type);
  const settled = useSettled(previewed, settleMs);
  const preview = usePreview(settled, window);
  const now = usePreview(
    useMemo(() => (stored === null ? undefined : pickPreviewed(stored)), [stored]),
    window,
  );
  const [sensor, sensors, chooseSensor] = useChartSensor(preview.data, settled?.sensors ?? '*');
  const series = useLabSeries(sensor, window);
  const feature =
    features.find(({ name }) => name === draft.condition.feature) ?? shownFeatures[0] ?? features[0];
  const isReplacing = preview.isFetching || settled !== previewed;
  const shownPreview = preview.data?.unsupported === undefined ? preview.data : undefined;
  return (
    <Panel title="What it would have raised" query={{ ...preview, isPlaceholderData: false, isHeld: true }}>
      <Sliders draft={draft} points={series} onChange={onChange} />
      {!isValid && <p className={styles.quiet}>Correct the marked fields. Below is the last valid rule.</p>}
      <PreviewStatus preview={preview} isReplacing={isReplacing} nowCount={now.data?.counts.incidents} />
      {shownPreview !== undefined && (
        <div className={styles.results} aria-busy={isReplacing} data-replacing={isReplacing || undefined}>
          <PreviewFigures draft={shownPreview} now={stored === null ? undefined : (now.data ?? null)} />
          {feature !== undefined && series !== undefined && (
            <figure className={styles.chart}>
              <SensorChoice sensor={sensor} sensors={sensors} onChoose={chooseSensor} />
              <LabChart {...{ points: series, preview: shownPreview, feature, draft }} sensor={sensor} />
            </figure>
          )}
          <PreviewedIncidents preview={shownPreview} />
        </div>
      )}
    </Panel>
  );
}

/** The newest draft without faults; the same object while nothing changes that a preview depends on. */
function useLastValid(draft: RuleDraft, type: string) {
  const current = useMemo(() => toPreviewed(draft, type), [draft, type]);
  const [last, setLast] = useState(current);
  if (current !== undefined && JSON.stringify(current) !== JSON.stringify(last)) setLast(current);
  return { previewed: last, isValid: current !== undefined };
}

interface PreviewStatusProps {
  preview: ReturnType<typeof usePreview>;
  isReplacing: boolean;
  nowCount: number | undefined;
}

/** The result as one sentence, or why there is none. */
function PreviewStatus({ preview, isReplacing, nowCount }: PreviewStatusProps) {
  const { data, error, failureCount, progress } = preview;
  const zone = useZone();
  if (error !== null && data === undefined)
    return (
      <p role="alert" className={styles.fault}>
        No preview: {error.message}
      </p>
    );
  const busy = failureCount > 0 ? 'The API is busy with other previews. Trying again…' : 'Evaluating…';
  const percent = progress > 0 ? ` ${Math.round(progress * 100)} %` : '';
  return (
    <div>
      <p role="status" className={styles.verdict}>
        {data === undefined ? busy : (data.unsupported ?? compareInWords(data, nowCount))}
      </p>
      <p className={styles.quiet}>
        {data !== undefined && `${formatAmount(data.readings, 'reading')}, ${describeWindow(data, zone)}`}
        {data !== undefined && isReplacing && ` · ${busy}`}
        {isReplacing && percent}
      </p>
    </div>
  );
}

const mostCandidates = 200;

/** The sensor of the chart: first the one with the most incidents. It stays until a person chooses another one. */
function useChartSensor(preview: RulePreview | undefined, glob: string) {
  const { sensors: selected } = useUrlState().state;
  const matching = useMatchingSensors(glob);
  const [chosen, choose] = useState<string>();
  const candidates = useMemo(() => {
    const raised = listMostRaised(preview?.incidents ?? []);
    const others = matching?.names.filter((name) => selected.length === 0 || selected.includes(name)) ?? [];
    return [...new Set([...raised, ...others])].slice(0, mostCandidates);
  }, [preview, matching, selected]);
  const isKnown = chosen !== undefined && candidates.includes(chosen);
  const sensor = isKnown ? chosen : candidates[0];
  if (preview !== undefined && !isKnown && sensor !== undefined) choose(sensor);
  return [sensor, candidates.toSorted(), choose] as const;
}

/** The sensors with incidents; those with the most are first. */
function listMostRaised(incidents: RulePreview['incidents']): string[] {
  const counts = new Map<string, number>();
  for (const { sensor_id } of incidents) counts.set(sensor_id, (counts.get(sensor_id) ?? 0) + 1);
  return [...counts].toSorted(([, a], [, b]) => b - a).map(([sensor]) => sensor);
}

interface SensorChoiceProps {
  sensor: string | undefined;
  sensors: readonly string[];
  onChoose: (sensor: string) => void;
}

function SensorChoice({ sensor, sensors, onChoose }: SensorChoiceProps) {
  const id = useId();
  return (
    <figcaption className={styles.choice}>
      <label htmlFor={id}>Chart of</label>
      <select id={id} value={sensor} onChange={({ target }) => onChoose(target.value)}>
        {sensors.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </figcaption>
  );
}

interface SlidersProps {
  draft: RuleDraft;
  points: SeriesPoints | undefined;
  onChange: (draft: RuleDraft) => void;
}

/** A slider for each main threshold that is not empty. */
function Sliders({ draft, points, onChange }: SlidersProps) {
  const { kind, condition } = draft;
  const levels = useMemo(() => listLevels({ kind, condition }, points), [kind, condition, points]);
  const fields = conditionForms[kind].fields.filter(
    ({ name, hasSlider }) => hasSlider === true && (condition[name] ?? '') !== '',
  );
  return (
    <div className={styles.sliders}>
      {fields.map((field) => (
        <Slider
          key={`${kind} ${field.name}`}
          field={field}
          draft={draft}
          stops={toStops(field, levels)}
          onChange={(text) => onChange({ ...draft, condition: { ...condition, [field.name]: text } })}
        />
      ))}
    </div>
  );
}

/** The levels in the range of what the sensor has measured. */
function listLevels(
  { kind, condition }: Pick<RuleDraft, 'kind' | 'condition'>,
  points: SeriesPoints | undefined,
): string[] {
  const { feature = '', above = '', below = '' } = condition;
  const values = points?.lines.flatMap((line) =>
    line.points.flatMap((point) => toValue(point, feature) ?? []),
  );
  const typed = Number(above || below) || 0;
  const known = values !== undefined && values.length > 0;
  const min = known ? Math.min(...values.map((value) => value.min)) : typed - 10;
  const max = known ? Math.max(...values.map((value) => value.max)) : typed + 10;
  if (kind !== 'rate_of_change') return toLevels({ min, max });
  return toLevels({ min: 0, max: max - min || 1 }).filter((level) => Number(level) > 0);
}

interface SliderProps {
  field: ConditionField;
  draft: RuleDraft;
  stops: readonly string[];
  onChange: (text: string) => void;
}

function Slider({ field, draft, stops, onChange }: SliderProps) {
  const { features } = useSensorType();
  const id = useId();
  const text = draft.condition[field.name] ?? '';
  const feature = features.find(({ name }) => name === draft.condition.feature);
  const shown =
    field.isLevel === true && feature !== undefined
      ? withUnit(formatValue(Number(text), feature), feature)
      : `${text}${field.input === 'percent' ? ' %' : ''}`;
  return (
    <div className={styles.slider}>
      <label htmlFor={id}>
        {toFieldLabel({ ...field, input: 'number', isLevel: false }, draft, features)}
      </label>
      <input
        id={id}
        type="range"
        min={0}
        max={stops.length - 1}
        value={findStop(stops, text, field.input)}
        aria-valuetext={shown}
        onChange={({ target }) => onChange(stops[target.valueAsNumber] ?? text)}
      />
      <span aria-hidden>{shown}</span>
    </div>
  );
}
