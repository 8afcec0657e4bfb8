import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { resolveOptions } from '../../../server/config.ts';
import { parseClusterFile } from '../../../server/options/cluster-file.ts';
import { ClusterFile } from '../../../server/options/cluster-file-schema.ts';
import { stillSimulator } from '../../support/simulator.ts';
import { failureOf } from '../../support/failure-of.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const configs = path.join(root, 'fixtures/configs');

function read(name: string): ReturnType<typeof parseClusterFile> {
  return parseClusterFile(fs.readFileSync(path.join(configs, name), 'utf8'), name);
}

test('the schema that is shipped is the one that files are held against', () => {
  const shipped = fs.readFileSync(path.join(root, 'server/schema/cluster.schema.json'), 'utf8');
  expect(JSON.parse(shipped)).toEqual(JSON.parse(JSON.stringify(ClusterFile)));
});

describe('a cluster file', () => {
  test('in YAML says who holds what, and which tokens may do what', () => {
    const { nodes, groups, tokens, token, nodeSegmentSizeBytes } = read('roles-and-groups.yaml');
    expect([nodes, token, nodeSegmentSizeBytes]).toEqual([4, null, { 'node-2': 768 * 1024 }]);
    expect(groups.map(({ name, contexts, members }) => [name, contexts, members?.length])).toEqual([
      ['_admin', undefined, 3],
      ['retail', ['orders', 'billing'], 4],
      ['default', ['default'], undefined],
    ]);
    expect(tokens.map((each) => [each.token, each.roles.length])).toEqual([
      ['nightly-backup', 4],
      ['orders-reader', 1],
    ]);
  });

  test.each(fs.readdirSync(configs))('%s starts a cluster that is as it says', async (name) => {
    const options = read(name);
    const simulator = await stillSimulator(options);
    expect(simulator.groups).toEqual(resolveOptions(options, null).groups);
    for (const context of simulator.groups.flatMap(({ contexts }) => contexts)) {
      expect((await simulator.control.append(context, { transactions: 2 })).lastToken).toBe(1n);
    }
  });

  test('in JSON is read as well', () => {
    expect(read('group-named-otherwise.json').groups[1]).toEqual({
      name: 'archive',
      contexts: ['old-orders'],
      members: [{ node: 'node-3', role: 'PRIMARY' }],
    });
  });
});

/** What is wrong, the line that it is told with, and how. */
const bad: ReadonlyArray<readonly [text: string, message: string]> = [
  ['', 'f.yaml:1: it must have "nodes" and "groups"'],
  ['nodes: 3', 'f.yaml:1: "groups" is missing'],
  ['nodes: 3\ngroups: []', 'f.yaml:2: groups: must NOT have fewer than 1 items'],
  ['nodes: three\ngroups: [{ name: a, contexts: [a] }]', 'f.yaml:1: nodes: must be integer'],
  ['nodes: 65\ngroups: [{ name: a, contexts: [a] }]', 'f.yaml:1: nodes: must be <= 64'],
  ['nodes: 3\ngroups:\n  - name: a\n   contexts: [a]', 'f.yaml:4: Sequence item without - indicator'],
  ['nodes: 3\ngroups: [{ name: a, contexts: [a] }]\nnodes: 4', 'f.yaml:3: Map keys must be unique'],
  ['{"nodes": 3, "groups": [}', 'f.yaml:1: '],
  ['nodes: 3\ngroups: *nowhere', 'f.yaml:1: Unresolved alias'],
  ['nodes: 3\ngroups:\n  - name: a\n    context: [a]', 'f.yaml:4: groups[0].context: nothing is known of this'],
  [
    'nodes: 3\ngroups:\n  - name: a\n    contexts: [a]\n    members:\n      - node: node-1\n      - node: node-2\n        role: LEADER',
    'f.yaml:8: groups[0].members[1].role: one of PRIMARY, ACTIVE_BACKUP, PASSIVE_BACKUP, SECONDARY, MESSAGING_ONLY, ANALYTICS, LEARNER is wanted',
  ],
  [
    'nodes: 3\ngroups:\n  - name: a\n    contexts: [a]\n    members:\n      - node: node-4',
    'f.yaml:6: groups[0].members[0].node: there is no node "node-4"; there are node-1, node-2, node-3',
  ],
  [
    'nodes: 3\ngroups:\n  - name: a\n    contexts: [a]\n  - name: b\n    contexts:\n      - b\n      - a',
    'f.yaml:8: groups[1].contexts[1]: context "a" lies in the group "a" already',
  ],
  [
    'nodes: 1\ngroups: [{ name: a, contexts: [a] }]\nnodeSegmentSizes:\n  node-1: huge',
    'f.yaml:4: nodeSegmentSizes.node-1: "huge" is not a size',
  ],
  [
    'nodes: 1\ngroups: [{ name: a, contexts: [a] }]\nnodeSegmentSizes:\n  node-2: 1MiB',
    'f.yaml:4: nodeSegmentSizes.node-2: there is no node "node-2"; there are node-1',
  ],
  [
    'nodes: 1\ngroups: [{ name: a, contexts: [a] }]\ntokens:\n  - token: t\n    roles:\n      - { context: b, role: ADMIN }',
    'f.yaml:6: tokens[0].roles[0].context: there is no context "b"; there are _admin, a',
  ],
  ['nodes: 1\ngroups: [{ name: a, contexts: [a] }]\ntokens: [{ token: t }]', 'f.yaml:3: tokens[0]: "roles" is missing'],
];

test.each(bad)('%j is refused in one line that says where', (text, message) => {
  const failure = failureOf(() => parseClusterFile(text, 'f.yaml'));
  expect(failure.kind).toBe('bad-option');
  expect(failure.message).toContain(message);
  expect(failure.message).not.toContain('\n');
});
