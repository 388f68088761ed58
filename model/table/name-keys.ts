import { toKey } from './headings.ts';

/** Names of columns that tell what the columns are, as `toPlainKey` writes them. */
function toKeys(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}

/** In the order in which they are preferred. */
export const sensorKeys = toKeys(`
  sensorid sensor sensorname sensornr sensorno sensornumber moteid mote deviceid device devicename deveui entityid stationid
  station nodeid node unitid machineid machine turbineid motorid pumpid engineid assetid equipmentid meterid loggerid probeid
  moduleid hostname host messstelle messpunkt gerat geraet capteur sonde sonda sensore dispositivo tagname tag name
`);

export const labelKeys = toKeys(`
  target label labels class groundtruth anomaly isanomaly anomalous abnormal isabnormal outlier isoutlier attack isattack
  fault isfault faulty failure isfailure machinefailure failed hasfailed broken defect defective
  storung stoerung fehler ausfall defekt anomalie panne defaut defaillance fallo falla averia anomalia guasto storing falha avaria
`);

/** A column without a name may number the rows, too. */
export const indexKeys: ReadonlySet<string> = new Set([
  '',
  ...toKeys('# index idx row rownumber record recno no nr n unnamed0 level0 entryid'),
]);

export const idKeys = toKeys('id uuid guid');

/** Columns that say what the value of a row is. */
export const fieldKeys = toKeys(`
  field metric metricname variable variablename parameter parametername quantity channel channelname measurement
  measurementtype property observedproperty sensortype sensorkind series seriesname item itemname signal
  messgrosse messgroesse grandeur magnitud grandezza grandeza grootheid parametre parametro
`);

/** The same, but only beside a column that is named like a value. */
export const vagueFieldKeys = toKeys('type kind attribute tag tagname name key');

/** Columns of the units of single values. */
export const unitKeys = toKeys('unit units einheit');

export const valueKeys = toKeys(
  'value values val reading wert messwert valeur valor valore waarde measurement result state data',
);

/** They hold values if there are no other numbers. */
export const vagueValueKeys = toKeys('measurement result state data');

/** Places with sensors of their own. */
export const placeKeys = toKeys(`
  site sitename siteid location room building plant line hall area zone floor gateway gatewayid standort raum anlage ort
`);

/** `batch_id`, `entryId`, `id`, but not `humid`. */
export function isNamedLikeId(name: string): boolean {
  return idKeys.has(toKey(name)) || /(?:[\W_]id|[a-z]I[dD]|[\W_]ID)$/.test(name);
}
