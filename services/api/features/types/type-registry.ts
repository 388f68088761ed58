import { type SensorType, sensorTypeSchema } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { coalesce } from '../../coalesce.ts';
import { toValidationError } from '../../http/parse-request.ts';
import { selectRows } from '../../storage/connection.ts';
import { createLoadedType, type LoadedType } from './sensor-type.ts';

export type TypeRegistry = ReturnType<typeof createTypeRegistry>;

interface RegistryOptions {
  pool: Pool;
  /** DEFAULT_TYPE: the type of readings and queries that name none. */
  defaultName: string;
}

interface TypeRow {
  id: number;
  name: string;
  /** JSON */
  features: string;
}

/** The sensor types, as last read from the database. Another replica may have added or changed one since. */
export function createTypeRegistry({ pool, defaultName }: RegistryOptions) {
  let byName: ReadonlyMap<string, LoadedType> = new Map();
  let byId: ReadonlyMap<number, LoadedType> = new Map();
  let known: ReadonlyMap<number, { row: string; type: LoadedType }> = new Map();

  async function load(): Promise<void> {
    const rows = await selectRows<TypeRow>(pool, {
      sql: 'SELECT id, name, features FROM sensor_types ORDER BY name',
    });
    known = new Map(
      rows.map(({ id, name, features }) => {
        const row = `${name} ${features}`;
        const before = known.get(id);
        if (before?.row === row) return [id, before]; // the same object: validators are not built again
        const given: SensorType = sensorTypeSchema.parse({ name, features: JSON.parse(features) });
        return [id, { row, type: createLoadedType(id, given) }];
      }),
    );
    const types = [...known.values()].map(({ type }) => type);
    byName = new Map(types.map((type) => [type.name, type]));
    byId = new Map(types.map((type) => [type.id, type]));
  }
  /** Reads all types. The result is never older than the call. @throws StorageError */
  const refresh = coalesce(load);

  /** A type by name, or the default type, if it is known without a query. */
  function find(name = defaultName): LoadedType | undefined {
    return byName.get(name);
  }

  return {
    defaultName,
    refresh,
    find,
    list: (): LoadedType[] => [...byName.values()],
    /** The type that a query names, or the default type. @throws ApiError `validation_failed`; StorageError */
    async require(name?: string): Promise<LoadedType> {
      if (find(name) === undefined) await refresh();
      const type = find(name);
      if (type === undefined) throw toUnknownType(name ?? defaultName, [...byName.keys()]);
      return type;
    },
    /** The type with this key. @throws Error if it was deleted meanwhile; StorageError */
    async requireById(id: number): Promise<LoadedType> {
      if (!byId.has(id)) await refresh();
      const type = byId.get(id);
      if (type === undefined) throw new Error(`there is no sensor type with the key ${id}`);
      return type;
    },
  };
}

export function describeUnknownType(name: string, known: readonly string[]): string {
  const some = known.slice(0, 20).join(', ');
  return `there is no sensor type ${JSON.stringify(name)}: found ${some || 'none'}; POST /types adds one`;
}

function toUnknownType(name: string, known: readonly string[]) {
  return toValidationError([{ path: 'type', message: describeUnknownType(name, known) }]);
}
