/** The text above a column: `temperature [°C]`, `Temp, °C (LGR S/N: 1)`, `Flow_l/min`. */
export interface Heading {
  /** As in the file. */
  text: string;
  /** Without the unit. */
  name: string;
  /** Empty where the heading has none. */
  unit: string;
}

/** A column of a table. */
export interface Column extends Heading {
  position: number;
  /** Of the sample, without missing values. */
  cells: readonly string[];
}

const squareUnit = /^(.*[^\s[(])\s*\[([^\]]*)\]$/;
const roundUnit = /^(.*[^\s[(])\s+\(([^)]*)\)$/;
const tightUnit = /^(.*[^\s[(])\(([^)]*)\)$/;
const commaUnit = /^(.*\S),\s*(\S.*)$/;
const lastWord = /^(.*[^\s_-])[\s_-]+(\S+)$/;
/** HOBO loggers append the serial numbers of logger and sensor. */
const serialNumbers = /\s*\([^()]*S\/N[^()]*\)$/;

/** Splits a heading. A unit is in brackets, or a known one at the end: after a comma, a space or an underscore. */
export function parseHeading(cell: string): Heading {
  const text = cell.trim();
  const bare = text.replace(serialNumbers, '');
  const [, name, unit] =
    squareUnit.exec(bare) ??
    roundUnit.exec(bare) ??
    [tightUnit, commaUnit, lastWord].map((pattern) => pattern.exec(bare)).find(hasKnownUnit) ??
    [];
  if (name === undefined || unit === undefined) return { text, name: bare, unit: '' };
  return { text, name, unit: unit.trim() };
}

/** Single letters are the last words of many names, and units only behind something like `temp`. */
function hasKnownUnit(found: RegExpExecArray | null): boolean {
  const [, name = '', unit = ''] = found ?? [];
  if (unit.length === 1 && /[a-z]/i.test(unit)) return /temp/i.test(name) && /[cfk]/i.test(unit);
  // `flow_min` is the lowest flow.
  return unit !== 'min' && isKnownUnit(unit);
}

/** What is compared of a name: letters and digits in lower case. `Sound Volume` is `sound_volume`. */
export function toKey(name: string): string {
  const key = name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
  return key === '' ? name.trim() : key;
}

/** Without accents, too: `Störung` is `storung`. */
export function toPlainKey(name: string): string {
  return toKey(name).replaceAll('ß', 'ss').normalize('NFD').replace(/\p{M}/gu, '');
}

/** Whether a heading goes by the name, with or without its unit. */
export function isNamed({ text, name }: Heading, wanted: string): boolean {
  const key = toKey(wanted);
  return text === wanted || toKey(name) === key || toKey(text) === key;
}

/**
 * The wanted name that each name means, apart from case, separators and units; undefined if none does. The sender adds `_value` to
 * names that cannot be features.
 */
export function matchNames(names: readonly string[], wanted: readonly string[]): (string | undefined)[] {
  return names.map((name) => {
    const bare = parseHeading(name).name;
    const keys = [toKey(bare), toKey(`${bare}_value`)];
    return wanted.includes(name) ? name : wanted.find((one) => keys.includes(toKey(one)));
  });
}

/** Other spellings of units, without spaces and in lower case. */
const spellings: Readonly<Record<string, string>> = {
  '°C': '°c ºc ˚c ℃ c degc deg_c celsius gradc',
  '°F': '°f ºf ˚f ℉ f degf deg_f fahrenheit',
  K: 'k kelvin degk',
  '%': '% pct percent prozent %rh rh% %r.h. %rf %r.f. %rel',
  dB: 'db dba db(a) dbspl decibel',
};
const canonical: ReadonlyMap<string, string> = new Map(
  Object.entries(spellings).flatMap(([unit, others]) =>
    others.split(' ').map((other) => [other, unit] as const),
  ),
);

const otherUnits: ReadonlySet<string> = new Set(
  `
    Pa hPa kPa MPa mbar bar psi Torr mmHg inHg V mV kV A mA W kW MW VA kVA var Wh kWh MWh Hz kHz
    MHz rpm RPM 1/min m mm cm km µm μm um ft m/s km/h mph kn mm/s m/s² m/s2 l L ml l/min L/min l/h
    l/s gpm m³ m3 m³/h m3/h kg g kg/h t N kN Nm lx lux ppm ppb µg/m³ μg/m³ ug/m3 µg/m3 mg/m³ mg/l
    g/m³ W/m² W/m2 kW/m² s ms min h ° deg rad pH µS/cm uS/cm mS/cm NTU Ω ohm kOhm S/cm volts Volts
  `
    .trim()
    .split(/\s+/),
);

/** `degC` → `°C`; unknown units as they are. */
export function normalizeUnit(unit: string): string {
  const text = unit.trim();
  return canonical.get(text.toLowerCase().replace(/\s+/g, '')) ?? text;
}

export function isKnownUnit(unit: string): boolean {
  const text = normalizeUnit(unit);
  return Object.hasOwn(spellings, text) || otherUnits.has(text);
}

/** Whether values in one unit are wrong in the other: both are known and differ. */
export function areUnitsInConflict(a: string, b: string): boolean {
  return isKnownUnit(a) && isKnownUnit(b) && normalizeUnit(a) !== normalizeUnit(b);
}
