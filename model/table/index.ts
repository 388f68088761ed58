export { type ClockCells, isOfTimesOfDay } from './clock-cells.ts';
export {
  findColumn,
  findRoles,
  quoteHeadings,
  type RoleOptions,
  type Roles,
} from './columns.ts';
export { checkDateFormat, suggestDateFormat } from './date-format.ts';
export {
  decodeChunks,
  decodeText,
  detectEncoding,
  encodingSampleBytes,
  isEncoding,
  isUtf8Name,
} from './encoding.ts';
export { escapeLines } from './escape-controls.ts';
export { type Frame, findFrame, TableError } from './frame.ts';
export {
  areUnitsInConflict,
  type Column,
  isNamed,
  normalizeUnit,
  parseHeading,
  toKey,
  toPlainKey,
} from './headings.ts';
export { areInverted, isPlusMinusOne } from './labels.ts';
export { fitsWidth, isComment, isHidden, isRule, isSummary } from './line-kinds.ts';
export { type Cells, isBlank, maxLineLength, splitLines, splitTextLines } from './lines.ts';
export { findLongTable, findPlaceColumn } from './long-table.ts';
export { toShortList } from './messages.ts';
export { isNamedLikeId, labelKeys, sensorKeys } from './name-keys.ts';
export {
  createMissingTest,
  type DecimalMark,
  defaultMissingMarks,
  describeDoubt,
  type NumberFormat,
  parseNumber,
  splitUnit,
} from './numbers.ts';
export { isNamedLikeTime, type TimeColumn } from './time-column.ts';
export { isTimeZone, type RecentTimes } from './time-zone.ts';
export { createTimeParser, type TimeParser } from './times.ts';
export { toTypeName } from './type-name.ts';
