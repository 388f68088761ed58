import { type Cells, fitsWidth, isComment, isRule } from '@sensor-sentinel/model/table';
import type { Layout } from './layout.ts';

/** Recognizes lines that hold no reading: units, comments, repeated headers, summaries. */
export function createMarkTest({ survey, sensorPositions, time, missing }: Layout) {
  const { headerText, linesOfUnits, headerLine, headings } = survey.frame;
  const lastOfUnits = Math.max(headerLine, ...linesOfUnits);
  return (text: string, line: number, cells: Cells): string | undefined => {
    if (line <= lastOfUnits && linesOfUnits.has(line)) return 'units below the header';
    const isWhole = !('fault' in cells) && fitsWidth(cells, headings.length);
    const code = text.charCodeAt(0);
    // A digit, which is how most rows begin.
    if (code >= 48 && code <= 57 && isWhole) return undefined;
    if (text.length === headerText.length && text.toLowerCase() === headerText.toLowerCase())
      return 'repeated header';
    const first = 'fault' in cells ? '' : (cells[0] ?? '');
    // A sensor may be called anything.
    if (sensorPositions[0] === 0 && isWhole) return undefined;
    if (isComment(text) && !missing.isMissing(first)) return 'comment';
    if (isRule(text)) return 'no values';
    if (summary.test(first) || text === endOfFile) return 'summary';
    if (!isWhole || first !== '' || time?.positions[0] !== 0) return undefined;
    if (summary.test(cells.find((cell) => cell !== '') ?? '')) return 'summary';
    return time.clockCells === undefined ? 'the time is missing' : undefined;
  };
}

/** Words at the start of a line below the last reading. */
const summary =
  /^(?:-+ *)?(?:(?:grand )?totals?|sums?|summe|mean|average|avg|mittelwert|durchschnitt|min(?:imum)?|max(?:imum)?|std(?:dev)?|count|somme|moyenne|media|end of (?:file|data|report)|eof|completion time)\b|^\(?\d+ rows?\b|^\\\.$/i;

/** Ctrl-Z, which DOS writes behind the last line. */
const endOfFile = '\u001a';
