import type { Prediction, ReadingInput } from '@sensor-sentinel/contracts';

/** What must hold after every fault; each with the faults found against it. */
export const invariants = {
  lost: 'every reading answered 200 is stored, with the prediction, score and model that were answered',
  doubled: 'no reading is stored twice',
  unsent: 'nothing is stored but what was sent',
  changed: 'the same id is always answered the same',
  refusals: 'nothing is answered but 200, or 429 or 503 with Retry-After',
  rollups: 'the rollups equal the rows, by our own sums and by `npm run verify`',
  ledger: 'the ledger counts what is stored',
  recovery: 'every fault is recovered from, and SIGTERM ends the API with exit code 0',
} as const;

export type Invariant = keyof typeof invariants;

export type SentReading = ReadingInput & { id: string };

/** `replayed` where the API said that the reading was stored before. */
export type Answer = Prediction & { replayed?: boolean | undefined };

export interface Entry {
  reading: SentReading;
  /** As first answered 200. */
  answer?: Answer;
}

const maxNotes = 10;

/** What the clients have sent and been answered, and what was found wrong. */
export interface Books {
  entries: ReadonlyMap<string, Entry>;
  enter: (readings: readonly SentReading[]) => void;
  enterAnswer: (answer: Answer) => void;
  note: (invariant: Invariant, text: string) => void;
  /** Per invariant that is broken, what broke it: the first few, and how many more. */
  broken: () => Record<string, string[]>;
}

const answerFields = ['prediction', 'score', 'model', 'sensor_id', 'timestamp'] as const;

/** Which fields of an answer differ from what they should be. */
export function listDifferences(answer: Prediction, other: Prediction): string[] {
  return answerFields
    .filter((field) => answer[field] !== other[field])
    .map((field) => `${field} ${answer[field]} ≠ ${other[field]}`);
}

export function describeAnswer({ id, sensor_id, replayed }: Answer): string {
  return `${id} of ${sensor_id}, first answered ${replayed ? 'as a replay' : 'as new'}`;
}

export function createBooks(): Books {
  const entries = new Map<string, Entry>();
  const notes = new Map<Invariant, string[]>();
  const note = (invariant: Invariant, text: string) => {
    notes.set(invariant, [...(notes.get(invariant) ?? []), text]);
  };
  return {
    entries,
    note,
    enter(readings) {
      for (const reading of readings) entries.set(reading.id, { reading });
    },
    enterAnswer(answer) {
      const entry = entries.get(answer.id);
      if (entry === undefined) return note('changed', `${answer.id} was answered, but never sent`);
      entry.answer ??= answer;
      const differences = listDifferences(answer, entry.answer);
      if (differences.length > 0)
        note('changed', `${describeAnswer(entry.answer)}: ${differences.join(', ')}`);
    },
    broken() {
      return Object.fromEntries(
        [...notes].map(([invariant, texts]) => [
          invariants[invariant],
          texts.length > maxNotes
            ? [...texts.slice(0, maxNotes), `and ${texts.length - maxNotes} more`]
            : texts,
        ]),
      );
    },
  };
}
