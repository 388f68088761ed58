import { featureValueOf, type IncidentPeak } from '@sensor-sentinel/contracts';
import { Facts } from '../../ui/facts.tsx';
import explanationStyles from '../explanation/explanation.module.css';
import { describeCauses } from '../explanation/explanation-words.ts';
import { Timestamp } from '../time/timestamp.tsx';
import { formatMeasured } from '../types/format-feature.ts';
import { useFeaturesOf } from '../url-state/url-state-context.ts';

/** The reading with the highest score of an incident, and why its score is high. */
export function PeakPart({ peak: { reading, explanation } }: { peak: IncidentPeak }) {
  const features = useFeaturesOf(reading.type);
  return (
    <section className={explanationStyles.part} aria-label="Peak reading">
      <h3>
        Peak reading{' '}
        <span className={explanationStyles.quiet}>
          <Timestamp iso={reading.timestamp} />
        </span>
      </h3>
      <Facts
        isDense
        facts={features.map((feature) => {
          return {
            name: feature.title,
            value: formatMeasured(featureValueOf(reading, feature.name), feature),
          };
        })}
      />
      {explanation && <p>{describeCauses(explanation, features)}</p>}
    </section>
  );
}
