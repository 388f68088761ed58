import { createContext, useContext } from 'react';
import type { FeedbackById } from '../../api/use-feedback.ts';
import { FeedbackLabel } from '../../components/feedback-label.tsx';

const noFeedback: FeedbackById = new Map();

export const FeedbackContext = createContext(noFeedback);

/** Whether the prediction was correct; empty without feedback. */
export function FeedbackCell({ id, prediction }: { id: string; prediction: 0 | 1 | null }) {
  const feedback = useContext(FeedbackContext).get(id);
  return feedback === undefined ? null : <FeedbackLabel feedback={feedback} prediction={prediction} />;
}
