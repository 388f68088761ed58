/** For axios: a list is a parameter that is repeated, `sensor_id=a&sensor_id=b`. */
export const paramsSerializer = { indexes: null };
