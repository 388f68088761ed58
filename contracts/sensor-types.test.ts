import { describe, expect, test } from 'vitest';
import { featureNameSchema, findNameClashes, sensorTypeInputSchema } from './sensor-types.ts';

function faultsOf(input: unknown): string[] {
  const { error } = sensorTypeInputSchema.safeParse(input);
  return error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];
}

describe('sensorTypeInputSchema', () => {
  test('fills what a feature leaves out', () => {
    expect(sensorTypeInputSchema.parse({ name: 'pump', features: [{ name: 'vibration [mm/s]' }] })).toEqual({
      name: 'pump',
      features: [
        {
          name: 'vibration [mm/s]',
          title: 'vibration [mm/s]',
          unit: '',
          min: null,
          max: null,
          decimals: null,
        },
      ],
    });
  });

  test.each(['', 'Pump', '2pump', 'pump station', 'a'.repeat(49)])('refuses the type name %j', (name) => {
    expect(faultsOf({ name, features: [{ name: 'rpm' }] })).toHaveLength(1);
  });

  test.each([0, 65])('refuses %i features', (count) => {
    const features = Array.from({ length: count }, (_, index) => ({ name: `f${index}` }));
    expect(faultsOf({ name: 'pump', features })).toEqual(['features: expected 1 to 64 features']);
  });

  test('refuses a lower limit that is not below the upper one', () => {
    const features = [{ name: 'rpm', min: 1, max: 1 }];
    expect(faultsOf({ name: 'pump', features })).toEqual(['features.0.min: expected a number below `max`']);
  });

  test('names the features whose names clash', () => {
    const features = [{ name: 'rpm' }, { name: 'RPM' }, { name: 'rpm_min' }];
    expect(faultsOf({ name: 'pump', features })).toEqual([
      'features.1.name: is the same name as "rpm", apart from case',
      'features.2.name: is also the parameter that filters "rpm": rename it',
    ]);
  });
});

describe('featureNameSchema', () => {
  test.each(['Temp, °C', 'x_min', 'mean radius', '温度', 'a"b`c', '0'])('accepts %j', (name) => {
    expect(featureNameSchema.safeParse(name).success).toBe(true);
  });

  test.each(['', ' x', 'x ', 'a\nb', 'a\u202eb', '😀', 'a'.repeat(65)])('refuses %j', (name) => {
    expect(featureNameSchema.safeParse(name).success).toBe(false);
  });

  test.each(['id', 'Type', 'explain', 'score_min', '__proto__', 'constructor'])(
    'says that %s is taken',
    (name) => {
      expect(featureNameSchema.safeParse(name).error?.issues[0]?.message).toBe(
        `${JSON.stringify(name)} is the name of a field or parameter of the API: rename it`,
      );
    },
  );
});

test('findNameClashes finds none between a name and the filter of a feature that does not exist', () => {
  expect(findNameClashes(['pressure_max', 'pressure_min'])).toEqual([]);
});
