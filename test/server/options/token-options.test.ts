import { expect, test } from 'vitest';
import { describeOptionFault } from '../../../server/options/option-fault.ts';
import { findTokenFault, parseTokenRoles, type TokenOptions } from '../../../server/options/token-options.ts';
import { failureOf } from '../../support/failure-of.ts';

const fine: readonly TokenOptions[] = [
  { token: 'lists', roles: [{ context: 'orders', role: 'USE_CONTEXT' }] },
  { token: 'does-nothing', roles: [] },
  { token: 'system', roles: [{ context: '_admin', role: 'ADMIN' }] },
];

test('tokens with roles in contexts that there are, and in _admin, are taken', () => {
  expect(findTokenFault(fine, ['orders'], 'main')).toBeNull();
  expect(findTokenFault([], [], null)).toBeNull();
});

const role = { context: 'orders', role: 'ADMIN' as const };
const bad: ReadonlyArray<readonly [tokens: readonly TokenOptions[], message: string]> = [
  [[{ token: '', roles: [] }], 'tokens[0].token: the token is empty'],
  [[...fine, { token: 'se cret', roles: [] }], 'tokens[3].token: the token must be of letters'],
  [[...fine, { token: 'lists', roles: [] }], 'tokens[3].token: this token is given twice'],
  [[{ token: 'main', roles: [] }], 'tokens[0].token: this token is given twice'],
  [
    [{ token: 'x', roles: [role, { ...role, role: 'ROOT' as 'ADMIN' }] }],
    'tokens[0].roles[1].role: there is no role "ROOT"; there are ADMIN, CONTEXT_ADMIN, USE_CONTEXT',
  ],
  [
    [{ token: 'x', roles: [{ ...role, context: 'retail' }] }],
    'tokens[0].roles[0].context: there is no context "retail"; there are _admin, orders',
  ],
  // The server compares names: a wildcard would be good for nothing.
  [[{ token: 'x', roles: [{ ...role, context: '*' }] }], 'tokens[0].roles[0].context: there is no context "*"'],
];

test.each(bad)('%j is refused, with where and what would be right', (tokens, message) => {
  const fault = findTokenFault(tokens, ['orders'], 'main');
  expect(fault === null ? 'nothing' : describeOptionFault(fault)).toContain(message);
});

test('no message repeats a token', () => {
  for (const token of ['my secret', 'main', '']) {
    const fault = findTokenFault([{ token, roles: [] }], [], 'main');
    expect(fault?.message).not.toContain('secret');
    expect(fault?.message).not.toContain('main');
  }
});

test('a flag gives a token with its roles', () => {
  expect(parseTokenRoles('nightly=ADMIN@_admin, USE_CONTEXT@order management')).toEqual({
    token: 'nightly',
    roles: [
      { role: 'ADMIN', context: '_admin' },
      { role: 'USE_CONTEXT', context: 'order management' },
    ],
  });
  expect(parseTokenRoles('YWJj==ADMIN@_admin').token).toBe('YWJj=');
});

test.each([
  'nightly',
  'nightly=',
  'nightly=ADMIN',
  'nightly=@_admin',
  'nightly=ADMIN@',
  'nightly=ADMIN@a,',
  'nightly=admin@a',
])('%s is no token with roles, and the complaint does not repeat it', (text) => {
  const failure = failureOf(() => parseTokenRoles(text));
  expect(failure.kind).toBe('bad-option');
  expect(failure.message).toContain('write TOKEN=ROLE@CONTEXT');
  expect(failure.message.replace('as in nightly=', '')).not.toContain('nightly');
});
