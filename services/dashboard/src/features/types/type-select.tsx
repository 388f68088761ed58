import { withType } from '../url-state/url-state.ts';
import { useUrlState } from '../url-state/url-state-context.ts';

/** Selects the sensor type; hidden while there is only one. */
export function TypeSelect() {
  const { types, type: shown, push } = useUrlState();
  if (types === null || shown === null || types.length < 2) return null;

  function choose(name: string) {
    const isDefault = types?.some((type) => type.name === name && type.is_default);
    push((state) => withType(state, isDefault ? undefined : name));
  }

  return (
    <select
      aria-label="Sensor type"
      title="Sensor type"
      value={shown.name}
      onChange={({ target }) => choose(target.value)}
    >
      {types.map(({ name }) => (
        <option key={name}>{name}</option>
      ))}
    </select>
  );
}
