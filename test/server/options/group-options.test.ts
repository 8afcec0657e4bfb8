import { describe, expect, test } from 'vitest';
import { findGroupFault, resolveGroups, type GroupOptions } from '../../../server/options/group-options.ts';
import { describeOptionFault } from '../../../server/options/option-fault.ts';

const nodes = ['node-1', 'node-2'];

describe('groups', () => {
  test('have every node as PRIMARY unless told otherwise, and _admin is always there, first', () => {
    const everybody = nodes.map((node) => ({ node, role: 'PRIMARY' }));
    expect(resolveGroups([{ name: 'retail', contexts: ['orders', 'billing'] }], nodes)).toEqual([
      { name: '_admin', contexts: [], members: everybody },
      { name: 'retail', contexts: ['orders', 'billing'], members: everybody },
    ]);
  });

  test('have the members that are given, in the order in which they are given', () => {
    const members = [{ node: 'node-2' }, { node: 'node-1', role: 'PASSIVE_BACKUP' as const }];
    const groups: GroupOptions[] = [
      { name: 'retail', contexts: ['orders'], members },
      { name: '_admin', members: [{ node: 'node-2' }] },
    ];
    expect(findGroupFault(groups, nodes)).toBeNull();
    expect(resolveGroups(groups, nodes)).toEqual([
      { name: '_admin', contexts: [], members: [{ node: 'node-2', role: 'PRIMARY' }] },
      {
        name: 'retail',
        contexts: ['orders'],
        members: [
          { node: 'node-2', role: 'PRIMARY' },
          { node: 'node-1', role: 'PASSIVE_BACKUP' },
        ],
      },
    ]);
  });

  test('may be without contexts, where another one has some', () => {
    expect(findGroupFault([{ name: 'empty' }, { name: 'retail', contexts: ['orders'] }], nodes)).toBeNull();
  });
});

const bad: ReadonlyArray<readonly [groups: readonly GroupOptions[], message: string]> = [
  [[], 'groups: there must be at least one context in one of the groups'],
  [[{ name: 'retail' }], 'groups: there must be at least one context in one of the groups'],
  [[{ name: '', contexts: ['a'] }], 'groups[0].name: a group name has 1 to 100 characters'],
  [[{ name: '_mine', contexts: ['a'] }], 'groups[0].name: "_mine" is reserved'],
  [[{ name: 'a/b', contexts: ['a'] }], 'groups[0].name: "a/b" holds a character that no folder name should'],
  [
    [
      { name: 'a', contexts: ['a'] },
      { name: 'a', contexts: ['b'] },
    ],
    'groups[1].name: group "a" is named twice',
  ],
  [[{ name: '_admin', contexts: ['a'] }], 'groups[0].contexts: _admin carries the configuration'],
  [[{ name: 'a', contexts: ['b', 'c', 'b'] }], 'groups[0].contexts[2]: context "b" lies in the group "a" already'],
  [
    [
      { name: 'a', contexts: ['x'] },
      { name: 'b', contexts: ['y', 'x'] },
    ],
    'groups[1].contexts[1]: context "x" lies in the group "a" already',
  ],
  [[{ name: 'a', contexts: ['x', ''] }], 'groups[0].contexts[1]: a context name has 1 to 100 characters'],
  [
    [{ name: 'a', contexts: ['a'], members: [{ node: 'node-1' }, { node: 'node-3' }] }],
    'groups[0].members[1].node: there is no node "node-3"; there are node-1, node-2',
  ],
  [
    [{ name: 'a', contexts: ['a'], members: [{ node: 'node-1' }, { node: 'node-1', role: 'MESSAGING_ONLY' }] }],
    'groups[0].members[1].node: node-1 is named twice',
  ],
  [
    [{ name: 'a', contexts: ['a'], members: [{ node: 'node-1', role: 'LEADER' as 'PRIMARY' }] }],
    'groups[0].members[0].role: there is no role "LEADER"; there are PRIMARY, ACTIVE_BACKUP, PASSIVE_BACKUP, SECONDARY, MESSAGING_ONLY, ANALYTICS, LEARNER',
  ],
  [[{ name: 'a', contexts: ['a'], members: [] }], 'groups[0].members: one of the members must be PRIMARY'],
  [
    [{ name: 'a', contexts: ['a'], members: [{ node: 'node-1', role: 'ACTIVE_BACKUP' }] }],
    'groups[0].members: one of the members must be PRIMARY: no other role can lead',
  ],
];

test.each(bad)('%j is refused, with where and what would be right', (groups, message) => {
  const fault = findGroupFault(groups, nodes);
  expect(fault === null ? 'nothing' : describeOptionFault(fault)).toContain(message);
});
