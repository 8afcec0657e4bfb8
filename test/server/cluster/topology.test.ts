import { describe, expect, test } from 'vitest';
import {
  adoptIdentities,
  configurationOf,
  contextNameFault,
  groupPerContext,
  nodeNamesOf,
  planTopology,
} from '../../../server/cluster/terms/topology.ts';
import { roleTraits } from '../../../server/cluster/terms/roles.ts';
import { RandomStream } from '../../../server/time-and-chance/random.ts';

function plan(nodes = 3, contexts = ['default', 'orders']): ReturnType<typeof planTopology> {
  const nodeNames = nodeNamesOf(nodes);
  return planTopology(nodeNames, groupPerContext(nodeNames, contexts), new RandomStream(1, 'identities'));
}

describe('names of contexts', () => {
  test.each(['default', 'a', 'Orders 2024', 'with-dash_and.dot', 'ünïcödé', '注文', 'a&b=c#d%e+f', 'x'.repeat(100)])(
    '%s is fine',
    (name) => {
      expect(contextNameFault(name)).toBeNull();
    },
  );

  test.each([
    ['', '1 to 100 characters'],
    ['x'.repeat(101), '1 to 100 characters'],
    ['_admin', 'belong to the server'],
    ['_mine', 'belong to the server'],
    ['.', 'begins or ends with a dot'],
    ['..', 'begins or ends with a dot'],
    ['.hidden', 'begins or ends with a dot'],
    ['a.', 'begins or ends with a dot'],
    [' a', 'a space'],
    ['a ', 'a space'],
    ['a/b', 'no folder name'],
    ['a\\b', 'no folder name'],
    ['a,b', 'no folder name'],
    ['a:b', 'no folder name'],
    ['a*b', 'no folder name'],
    ['a?b', 'no folder name'],
    ['a\nb', 'no folder name'],
    ['a\u0000b', 'no folder name'],
  ])('%j is refused: %s', (name, fault) => {
    expect(contextNameFault(name)).toContain(fault);
  });
});

describe('the plan of a cluster', () => {
  test('has `_admin` and one group for each context, with all nodes in each', () => {
    const { nodeNames, groups } = plan();
    expect(nodeNames).toEqual(['node-1', 'node-2', 'node-3']);
    expect(groups.map(({ name, contexts }) => [name, contexts])).toEqual([
      ['_admin', []],
      ['default', ['default']],
      ['orders', ['orders']],
    ]);
    for (const { members } of groups) {
      expect(members.map(({ nodeName, role }) => [nodeName, role])).toEqual(nodeNames.map((name) => [name, 'PRIMARY']));
    }
  });

  test('gives a node another id in each group, beginning with its name', () => {
    const members = plan().groups.flatMap((group) => group.members);
    for (const { nodeId, nodeName } of members) expect(nodeId).toMatch(new RegExp(`^${nodeName}-[0-9a-f]{8}-`));
    expect(new Set(members.map(({ nodeId }) => nodeId)).size).toBe(members.length);
  });

  test('is described in the log with the internal ports, one apart', () => {
    const [, group] = plan().groups;
    const ports = group === undefined ? [] : configurationOf(group).map(({ host, port }) => [host, port]);
    expect(ports).toEqual([
      ['node-1', 8224],
      ['node-2', 8225],
      ['node-3', 8226],
    ]);
  });

  test('takes over ids and roles that control databases know, and keeps its own for what they do not', () => {
    const planned = plan(2);
    const member = {
      nodeId: 'node-2-known',
      nodeName: 'node-2',
      host: 'node-2',
      port: 8225,
      role: 'PASSIVE_BACKUP' as const,
    };
    const adopted = adoptIdentities(planned, [{ id: 'known', name: 'default', members: [member], tables: 'both' }]);
    const [admin, first] = adopted.groups;
    expect(admin).toEqual(planned.groups[0]);
    expect(first?.id).toBe('known');
    expect(first?.members[0]).toEqual(planned.groups[1]?.members[0]);
    expect(first?.members[1]).toMatchObject({ nodeId: 'node-2-known', role: 'PASSIVE_BACKUP' });
  });
});

test('who stores events and who counts for a majority goes by the role', () => {
  const rolesWith = (has: (traits: (typeof roleTraits)['PRIMARY']) => boolean): string[] =>
    Object.entries(roleTraits).flatMap(([role, traits]) => (has(traits) ? [role] : []));
  expect(rolesWith(({ storesEvents }) => !storesEvents)).toEqual(['MESSAGING_ONLY']);
  expect(rolesWith(({ canLead }) => canLead)).toEqual(['PRIMARY']);
  expect(rolesWith(({ confirms }) => confirms !== 'never')).toEqual(['PRIMARY', 'ACTIVE_BACKUP']);
});
