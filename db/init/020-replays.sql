-- The latest latencies of a sender, as counts per bucket: `contracts/latency-histogram.ts` has the bounds. Histograms of several
-- senders add up; their percentiles do not.
ALTER TABLE replay_senders ADD COLUMN latencies JSON NULL AFTER p99_ms;
