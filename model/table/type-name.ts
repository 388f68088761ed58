/** A valid name of a sensor type: that of the file, as far as it can be. */
export function toTypeName(fileName: string): string {
  const slug = fileName
    .replace(/(?:\.(?:csv|tsv|txt|dat|gz))+$/i, '')
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '');
  return slug.slice(0, 48) || 'readings';
}
