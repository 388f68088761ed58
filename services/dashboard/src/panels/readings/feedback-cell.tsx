import { createContext, useContext } from 'react';
import type { KnownTruths } from '../../api/use-truths.ts';
import { TruthLabel } from '../../components/truth-label.tsx';

const nothingKnown: KnownTruths = new Map();

export const TruthsContext = createContext(nothingKnown);

/** Whether the prediction was right, where that is known. */
export function TruthCell({ id, prediction }: { id: string; prediction: 0 | 1 }) {
  const truth = useContext(TruthsContext).get(id);
  return truth === undefined ? null : <TruthLabel truth={truth} prediction={prediction} />;
}
