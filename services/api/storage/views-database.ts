/** The database of the views: `sentinel_views` beside `sensor_sentinel`, else the name of the database with `_views`. */
export function toViewsDatabase(database: string): string {
  return database === 'sensor_sentinel' ? 'sentinel_views' : `${database}_views`;
}
