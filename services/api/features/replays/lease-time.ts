/** How long a sender may be silent before another is given its rows. */
export const leaseMs = 10_000;

/** By the database's clock, which all replicas share. */
export const leaseEnd = `NOW(3) + INTERVAL ${leaseMs * 1000} MICROSECOND`;

/** Whoever was heard of since then is active. */
export const leaseAgo = `NOW(3) - INTERVAL ${leaseMs * 1000} MICROSECOND`;
