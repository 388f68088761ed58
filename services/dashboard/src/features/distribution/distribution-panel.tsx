import type { Distribution } from '@sensor-sentinel/contracts';
import { formatCount, formatPercent } from '../../ui/format-number.ts';
import { useModel } from '../models/use-model.ts';
import { Panel } from '../panel/panel.tsx';
import { PanelFallback } from '../panel/panel-fallback.tsx';
import { EmptyWindow } from '../time/empty-window.tsx';
import { useWindowQuery } from '../url-state/use-window-query.ts';
import styles from './distribution-panel.module.css';
import { ScoreHistogram } from './score-histogram.tsx';

export function DistributionPanel() {
  const distribution = useWindowQuery({ route: 'distribution', get: (api) => api.getDistribution });
  const threshold = useModel().data?.threshold ?? null;
  if (distribution.data === undefined) {
    return (
      <PanelFallback
        title="Distribution of predictions"
        query={distribution}
        bones={{ count: 2, height: 108 }}
      />
    );
  }
  const { count, score_histogram, unscored } = distribution.data;
  return (
    <Panel title="Distribution of predictions" query={distribution}>
      {count === 0 ? (
        <EmptyWindow />
      ) : (
        <div className={styles.parts}>
          <PredictionBars distribution={distribution.data} />
          {unscored < count && <ScoreHistogram bins={score_histogram} threshold={threshold} />}
        </div>
      )}
    </Panel>
  );
}

function PredictionBars({ distribution }: { distribution: Distribution }) {
  const { predictions, unscored, count } = distribution;
  const bars = [
    { title: 'Normal', tone: 'normal', amount: predictions[0] },
    { title: 'Anomaly', tone: 'anomaly', amount: predictions[1] },
    ...(unscored > 0 ? [{ title: 'Not scored', tone: 'unscored', amount: unscored }] : []),
  ];
  return (
    <dl className={styles.bars}>
      {bars.map(({ title, tone, amount }) => (
        <div key={tone} className={styles.row}>
          <dt>
            <span className={styles.swatch} data-tone={tone} /> {title}
          </dt>
          <dd className={styles.amount}>
            <strong>{formatCount(amount)}</strong> <span>{formatPercent(amount / count)}</span>
          </dd>
          <dd className={styles.track} aria-hidden="true">
            <div className={styles.fill} data-tone={tone} style={{ width: `${(100 * amount) / count}%` }} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
