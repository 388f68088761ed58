import type { Prediction, ReadingInput } from '@sensor-sentinel/contracts';

/** What must hold after every fault. */
export const invariants = {
  lost: 'every reading answered 200 is stored, with the prediction, score and model that were answered',
  doubled: 'no reading is stored twice',
  unsent: 'every stored reading was sent, and is stored as sent',
  changed: 'an id always gets the same answer',
  refusals: 'every answer is 200, or 429 or 503 with Retry-After',
  rollups: 'the rollups equal the rows, by sums made here and by `npm run verify`',
  ledger: 'the ledger counts the stored readings',
  recovery: 'the system recovers from every fault, and SIGTERM ends the API with exit code 0',
} as const;

export type Invariant = keyof typeof invariants;

export type SentReading = ReadingInput & { id: string };

/** `duplicate`: an earlier request had stored the reading. */
export type Answer = Prediction & { duplicate?: boolean | undefined };

export interface Entry {
  reading: SentReading;
  /** As first answered 200. */
  answer?: Answer;
}

const maxNotes = 10;

/** The readings that clients sent, their answers, and the violations found. */
export interface Records {
  entries: ReadonlyMap<string, Entry>;
  enter: (readings: readonly SentReading[]) => void;
  enterAnswer: (answer: Answer) => void;
  note: (invariant: Invariant, text: string) => void;
  /** Violations per broken invariant: the first few, and how many more. */
  broken: () => Record<string, string[]>;
}

const answerFields = ['prediction', 'score', 'model', 'sensor_id', 'timestamp'] as const;

/** The fields in which two answers differ. */
export function listDifferences(answer: Prediction, other: Prediction): string[] {
  return answerFields
    .filter((field) => answer[field] !== other[field])
    .map((field) => `${field} ${answer[field]} ≠ ${other[field]}`);
}

export function describeAnswer({ id, sensor_id, duplicate }: Answer): string {
  return `${id} of ${sensor_id}, first answered ${duplicate ? 'as a duplicate' : 'as new'}`;
}

export function createRecords(): Records {
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
      if (entry === undefined) return note('changed', `${answer.id} was answered but never sent`);
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
