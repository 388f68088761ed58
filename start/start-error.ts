/** Why the system cannot start, in one line that names what mends it. */
export class StartError extends Error {}
