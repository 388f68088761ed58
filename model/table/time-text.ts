const languages = ['en', 'de', 'fr', 'es', 'it', 'nl', 'pt'];
const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
/** Abbreviations that do not begin the name of the month, or that begin the names of two. */
const otherMonths: Readonly<Record<string, string>> = { mrz: 'Mar', mrt: 'Mar' };

const toWord = (text: string) => text.normalize('NFD').replace(/\P{L}/gu, '').toLowerCase();

/** The names of months or days of the week in all languages, with their numbers. */
function listNames(kind: 'month' | 'weekday'): (readonly [name: string, index: number])[] {
  return languages.flatMap((language) => {
    const { format } = new Intl.DateTimeFormat(language, { [kind]: 'long', timeZone: 'UTC' });
    return Array.from({ length: kind === 'month' ? 12 : 7 }, (_, index) => {
      // June 2026 begins with a Monday.
      const ms = kind === 'month' ? Date.UTC(2026, index, 1) : Date.UTC(2026, 5, index + 1);
      return [toWord(format(ms)), index] as const;
    });
  });
}

const names = { month: listNames('month'), weekday: listNames('weekday') };
const known = new Map<string, string | undefined>();

/** The English abbreviation of the only month whose name begins in this way. */
function findMonth(text: string): string | undefined {
  const word = toWord(text);
  if (known.has(word)) return known.get(word);
  const found = new Set(names.month.filter(([name]) => name.startsWith(word)).map(([, index]) => index));
  const [index = -1] = found;
  const month = otherMonths[word] ?? (word.length > 2 && found.size === 1 ? months[index] : undefined);
  if (known.size < 1000) known.set(word, month);
  return month;
}

/** `mar` is mardi in `mar 24 nov`, and March in `mar 24`. */
function isWeekday(text: string, rest: string): boolean {
  const word = toWord(text);
  const hasMonth = (rest.match(/\p{L}{3,}/gu) ?? []).some((other) => findMonth(other) !== undefined);
  const isName = word.length > 1 && names.weekday.some(([name]) => name.startsWith(word));
  return isName && (hasMonth || findMonth(text) === undefined);
}

/** Abbreviations that mean one offset only; `CST`, `IST` and others mean several. */
const offsets: Readonly<Record<string, string>> = {
  ...{ UTC: '+0000', GMT: '+0000', Z: '+0000', CET: '+0100', MEZ: '+0100', CEST: '+0200', MESZ: '+0200' },
  ...{ EET: '+0200', EEST: '+0300', EST: '-0500', EDT: '-0400', PST: '-0800', PDT: '-0700' },
};

/**
 * Writes a time in the way that the known formats expect: `Sonntag, 22. November 2026 um 15:04 Uhr` as `22 Nov 2026 15:04`, and
 * offsets as in `+0100`.
 */
export function cleanTime(text: string): string {
  const plain = text
    .replace(/[\s\u00a0\u202f]+/g, ' ')
    .trim()
    .replace(/ \([^)]*\)$| Uhr$/i, '')
    .replace(/^(\p{L}+)[.,]* (.*)/u, (all, word, rest) => (isWeekday(word, rest) ? rest : all));
  return plain
    .replace(/\p{L}{3,}\.?/gu, (word) => findMonth(word) ?? word)
    .replace(/ (?:de|um|at|à|kl\.?) /g, ' ')
    .replace(/(\d)(?:\.(?= \p{L})|(?:st|nd|rd|th)\b)/u, '$1')
    .replace(/(\d{4}):(?=\d\d?:)/, '$1 ')
    .replace(/, (?=\d\d?[:.h]\d\d)/, ' ')
    .replace(/(:\d\d:\d\d)(?:,|:(?=\d{3}))/, '$1.')
    .replace(/(\d) ?([ap])\.? ?m\b\.?/i, '$1 $2m')
    .replace(/ ([A-Z]{3,4}|[+-]\d{4}) (\d{4})$/, ' $2 $1')
    .replace(/(?<=[: ].*[\dm]) ?([A-Z]{1,4})$/, (all, name) => (name in offsets ? ` ${offsets[name]}` : all))
    .replace(/(?<=[: ].*[\dm]) ?(?:UTC|GMT)?([+-]\d\d):?(\d\d)?$/, (all, hours, minutes = '00') =>
      /:/.test(text) ? ` ${hours}${minutes}` : all,
    );
}
