import { describe, expect, test } from 'vitest';
import { behaviours } from '../../../server/versions/behaviours.ts';
import { joinRepeated, parseParameters } from '../../../server/http/asked/query-parameters.ts';

describe('a query as the server reads it', () => {
  test.each([
    ['a=1&b=2', { a: '1', b: '2' }],
    ['&&a=1&', { a: '1' }],
    ['a', { a: '' }],
    ['a=b+c%20d%C3%BC', { a: 'b c dü' }],
    ['a=%zz&b=%&c=1', { c: '1' }],
    ['a=1;b=2', { a: '1;b=2' }],
    ['a=1&a=2&a=3', { a: ['1', '2', '3'] }],
    ['a=x=y', { a: 'x=y' }],
    ['a=ü', { a: 'ü' }],
    ['', {}],
  ])('%s', (text, parameters) => {
    expect({ ...parseParameters(text) }).toEqual(parameters);
  });

  test('names of what objects have are names like any other', () => {
    const parameters = parseParameters('__proto__=x&constructor=y');
    expect(Object.entries(parameters)).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
  });

  test('of a parameter that is given twice a release takes the first number and all of a text; documented leaves it to be refused', () => {
    const given = { cursor: ['1', '2'], context: ['a', 'b'], type: 'EVENT' };
    const numbers = new Set(['cursor']);
    expect(joinRepeated(given, numbers, behaviours['4.6'])).toEqual({ cursor: '1', context: 'a,b', type: 'EVENT' });
    expect(joinRepeated(given, numbers, behaviours.documented)).toEqual(given);
  });
});
