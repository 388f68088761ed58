import type { Pool } from 'mysql2/promise';
import { selectRows } from '../../storage/connection.ts';

/** Changes of incidents that ended before the last ones of this number are not noticed, except comments. */
const watchedEnded = 100;

/** The readings of an incident that goes on are left out: they change with every evaluation. */
const watchedColumns = [
  ...['cleared_at', 'acknowledged_at', 'acknowledged_by', 'acknowledged_comment', 'resolved_at', 'feedback'],
  'severity',
];
const content = ['HEX(id)', ...watchedColumns.map((name) => `COALESCE(${name}, '-')`)].join(", ' ', ");
const sql = `SELECT type, COUNT(*) AS incidents, BIT_XOR(CRC32(CONCAT(${content}))) AS content,
    (SELECT MAX(seq) FROM incident_comments) AS comments
  FROM (SELECT id, type, ${watchedColumns.join(', ')} FROM incidents WHERE cleared_at IS NULL
    UNION ALL (SELECT id, type, ${watchedColumns.join(', ')} FROM incidents
      WHERE cleared_at IS NOT NULL ORDER BY cleared_at DESC LIMIT ${watchedEnded})) AS watched
  GROUP BY type`;

interface FingerprintRow {
  /** The key of the type. */
  type: number;
  incidents: number;
  content: number;
  comments: number | null;
}

/** Notices that incidents began, ended or were changed, by whichever replica. @throws StorageError */
export async function createIncidentWatch(pool: Pool) {
  const readFingerprints = async () => {
    const rows = await selectRows<FingerprintRow>(pool, { sql });
    return new Map(rows.map(({ type, ...fingerprint }) => [type, JSON.stringify(fingerprint)]));
  };
  let before = await readFingerprints();
  return {
    /** The keys of the types whose incidents changed since the last call. @throws StorageError */
    async findChanged(): Promise<number[]> {
      const now = await readFingerprints();
      const changed = [...new Set([...before.keys(), ...now.keys()])].filter(
        (type) => before.get(type) !== now.get(type),
      );
      before = now;
      return changed;
    },
  };
}
