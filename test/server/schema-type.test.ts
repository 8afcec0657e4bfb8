import { Type as TypeBox } from 'typebox';
import { expect, test } from 'vitest';
import { Type } from '../../server/schema-type.ts';

/** Every constructor, with and without options, each in an object where it has to be and where it may be left out. */
function schemasBy(type: typeof Type): object[] {
  const all = [
    type.String(),
    type.String({ description: 'a name', pattern: '^a' }),
    type.Number({ minimum: 0 }),
    type.Integer({ minimum: 1, default: 3 }),
    type.Boolean(),
    type.Literal(true, { description: 'yes' }),
    type.Literal('half'),
    type.Literal(3),
    type.Enum(['stop', 'start'], { description: 'what' }),
    type.Array(type.String(), { minItems: 1 }),
    type.Union([type.Literal('all'), type.Integer()], { description: 'which' }),
    type.Record(type.String(), type.Number(), { description: 'by name' }),
    type.Unsafe<string>({ type: ['string', 'integer'] }),
    type.Object({}, { additionalProperties: false }),
  ];
  return all.flatMap((each) => [
    each,
    type.Object({ each }),
    type.Object({ each: type.Optional(each), other: type.String() }, { title: 'both' }),
    type.Object({ each: type.Optional(each) }),
  ]);
}

test('the schemas that are made here are those that TypeBox makes', () => {
  // As JSON, and in its order: what TypeBox notes beside that is for its own use.
  expect(schemasBy(Type).map((each) => JSON.stringify(each))).toEqual(
    schemasBy(TypeBox).map((each) => JSON.stringify(each)),
  );
});
