export type QueryParameters = Record<string, string | number | boolean | readonly string[] | undefined>;

/** For axios: repeats the parameter for each entry of a list, `sensor_id=a&sensor_id=b`. */
export const paramsSerializer = { indexes: null };
