import { expect, test } from 'vitest';
import { ServerFiles } from '../../../conformance/journal/recording/server-files.ts';

const files = new ServerFiles('/tmp/axon-1234/cluster');

test('a file of the cluster is called by its place in it, spelt as it was', () => {
  expect(files.name('/tmp/axon-1234/cluster/node-1/log/./a.log')).toBe('node-1/log/./a.log');
  expect(files.name('no room in /tmp/axon-1234/cluster/node-1/log (/tmp/axon-1234/cluster/node-2)')).toBe(
    'no room in node-1/log (node-2)',
  );
});

test('other paths stay as they are', () => {
  expect(files.name('/tmp/axon-1234/cluster-of-others/a.log')).toBe('/tmp/axon-1234/cluster-of-others/a.log');
});

test('what happens in the cluster is told with such names', () => {
  const zip = { kind: 'control-db-backup', atMs: 1, node: 'node-1' } as const;
  expect(files.nameIn({ ...zip, file: '/tmp/axon-1234/cluster/node-1/a.zip' })).toEqual({
    ...zip,
    file: 'node-1/a.zip',
  });
  const failed = { kind: 'group-failed', atMs: 1, node: 'node-1', group: 'default' } as const;
  expect(files.nameIn({ ...failed, message: 'gone (in /tmp/axon-1234/cluster/node-1/log)' })).toEqual({
    ...failed,
    message: 'gone (in node-1/log)',
  });
});

test('of a server that has names of its own both are called by the node: what it names, and where that lies', () => {
  const mapped = new ServerFiles('/tmp/axon-1234/cluster');
  const places = '/tmp/axon-1234/cluster/node-2/claim-1';
  const pathMap = `/axonserver/events=${places}/a/events\n/axonserver=${places}/zips`;
  const node = {
    name: 'node-2',
    url: '',
    dataDir: '',
    eventsDir: '',
    logDir: '',
    controlDbDir: '',
    roles: {},
    pathMap,
  };
  mapped.learn([node], '/axonserver');
  expect(mapped.nameListed('node-2', '/axonserver/./events/default/a.events')).toBe('node-2/./events/default/a.events');
  expect(mapped.name(`${places}/a/events/default/a.events was changed`)).toBe(
    'node-2/events/default/a.events was changed',
  );
  expect(mapped.name(`${places}/zips/a.zip`)).toBe('node-2/a.zip');
  expect(mapped.nameListed('node-2', '/axonserver2/a.zip')).toBe('/axonserver2/a.zip');
});
