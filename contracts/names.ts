import { z } from 'zod';

/**
 * What no name has, because a terminal, a log or a browser would run it, hide it, or show the text beside it in another order:
 * control characters, line separators, bidirectional controls, invisible formatting, lone surrogates and noncharacters. Characters
 * that only a newer version of Unicode knows are accepted, so that all programs agree.
 */
const unsafe = String.raw`(?:[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Noncharacter_Code_Point}]|(?=\p{Cf})\p{Default_Ignorable_Code_Point})`;

/** Joiners are part of words in Persian and Hindi, and of emoji of several people. */
const joiner = String.raw`[\u200c\u200d]`;
const joinerBetween = String.raw`(?<=[^\u200c\u200d])${joiner}(?=[^\u200c\u200d])`;
/** The emoji of a flag of a region, such as Scotland: a black flag and invisible letters. */
const regionFlag = String.raw`\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{1,6}\u{e007f}`;

const safeText = new RegExp(`^(?:[ -~]|${joinerBetween}|${regionFlag}|(?!${unsafe})[^])*$`, 'u');
const allowedOrUnsafe = new RegExp(`(${joinerBetween}|${regionFlag})|${unsafe}`, 'gu');
const unsafeRuns = new RegExp(`(?:(?!${joiner})${unsafe})+`, 'gu');

/** A name of 1 to 64 characters. */
export const nameSchema = z
  .string()
  .min(1, 'expected 1 to 64 characters')
  .max(64, 'expected 1 to 64 characters')
  .regex(/^\S(.*\S)?$/su, 'expected no space at either end')
  .regex(safeText, 'expected no control characters, and joiners only between other characters');

/** A text that is only shown, such as a title: whatever no name has becomes a space. */
export function createTitleSchema({ min, max }: { min: number; max: number }) {
  return z
    .string()
    .transform((text) => text.replace(unsafeRuns, ' ').trim())
    .pipe(z.string().min(min).max(max));
}

/** Writes what no name has as `\u{9b}`, for text of unknown origin on a terminal or in a log. Lines and tabs are kept. */
export function escapeUnsafe(text: string): string {
  return text.replace(allowedOrUnsafe, (match, allowed?: string) => {
    if (allowed !== undefined || match === '\n' || match === '\t') return match;
    return `\\u{${match.codePointAt(0)?.toString(16)}}`;
  });
}
