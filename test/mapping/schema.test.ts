import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { standaloneValidator } from '../../engine/mapping/standalone.ts';

interface Schema {
  readonly properties?: Readonly<Record<string, Schema | true>>;
  readonly definitions?: Readonly<Record<string, Schema>>;
  readonly examples?: readonly unknown[];
}

const schema = JSON.parse(readFileSync('schemas/mapping.schema.json', 'utf8')) as Schema;

/** Every key that a mapping can have, with the pointer to its schema. */
const keys = [['#', schema] as const, ...definitions()].flatMap(([pointer, { properties }]) =>
  Object.entries(properties ?? {}).flatMap(([key, value]) =>
    value === true ? [] : [[`${pointer}/properties/${key}`, value] as const],
  ),
);

function definitions(): (readonly [string, Schema])[] {
  return Object.entries(schema.definitions ?? {}).map(([name, value]) => [`#/definitions/${name}`, value]);
}

test.each(keys)('an editor can explain %s', (_, value) => {
  const said = { title: expect.any(String), description: expect.any(String), examples: expect.any(Array) };
  expect(value).toMatchObject(said);
});

describe('examples are what they are examples of', () => {
  const ajv = new Ajv({ allowUnionTypes: true }).addSchema(schema, 'mapping');
  const examples = keys.flatMap(([pointer, { examples = [] }]) => examples.map((each) => [pointer, each] as const));

  test.each(examples)('%s: %j', (pointer, example) => {
    const validate = ajv.compile({ $ref: `mapping${pointer}` });
    validate(example);
    expect(validate.errors).toBeNull();
  });
});

describe('the compiled validator', () => {
  test('needs nothing of ajv when it runs', () => {
    expect(standaloneValidator(schema)).not.toMatch(/\brequire\(|^import /m);
  });

  test('is refused where a keyword would need it', () => {
    const needy = { type: 'object', properties: { a: { type: 'string', minLength: 2 } } };
    expect(() => standaloneValidator(needy)).toThrow(/keyword that needs require/);
  });
});
