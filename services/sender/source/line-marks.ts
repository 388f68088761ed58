import { type Cells, fitsWidth, isComment, isRule, isSummary } from '@sensor-sentinel/model/table';
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
    const lacksTime = isWhole && time !== undefined && cells[time.positions[0] ?? 0] === '';
    if (sensorPositions[0] === 0 && isWhole && !(lacksTime && isSummary(first))) return undefined;
    if (isComment(text) && !missing.isMissing(first)) return 'comment';
    if (isRule(text)) return 'no values';
    if (isSummary(first) || text === endOfFile) return 'summary';
    if (!lacksTime || first !== '') return undefined;
    if (isSummary(cells.find((cell) => cell !== '') ?? '')) return 'summary';
    return time.clockCells === undefined ? 'the time is missing' : undefined;
  };
}

/** Ctrl-Z, which DOS writes behind the last line. */
const endOfFile = '\u001a';
