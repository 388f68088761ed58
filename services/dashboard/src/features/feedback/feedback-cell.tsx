import { createContext, useContext } from 'react';
import { FeedbackLabel } from './feedback-label.tsx';
import type { FeedbackById } from './use-feedback.ts';

const noFeedback: FeedbackById = new Map();

export const FeedbackContext = createContext(noFeedback);

/** Whether the prediction was correct; empty without feedback. */
export function FeedbackCell({ id, prediction }: { id: string; prediction: 0 | 1 | null }) {
  const feedback = useContext(FeedbackContext).get(id);
  return feedback === undefined ? null : <FeedbackLabel feedback={feedback} prediction={prediction} />;
}
