import { expect, test } from 'vitest';
import { compileSchema } from '../../../server/http/asked/validation.ts';

// Each app makes its schemas anew. Known by their objects, none was ever known again: each cluster compiled all of them once
// for each node, a third of what it takes to open one, and the compiler kept them all.
test('a schema that says the same as an earlier one is compiled once, whoever made it', () => {
  const schemaOf = (maximum: number): object => ({
    type: 'object',
    properties: { seed: { type: 'integer', maximum } },
  });
  const first = compileSchema({ schema: schemaOf(5) });
  expect(compileSchema({ schema: schemaOf(5) })).toBe(first);
  const other = compileSchema({ schema: schemaOf(6) });
  expect([first({ seed: 6 }), other({ seed: 6 })]).toEqual([false, true]);
});
