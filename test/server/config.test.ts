import { describe, expect, test } from 'vitest';
import { groupPerContext, nodeNamesOf } from '../../server/cluster/terms/topology.ts';
import { resolveOptions, type SimulatorOptions } from '../../server/config.ts';
import { failureOf } from '../support/failure-of.ts';

const hundred = 'x'.repeat(100);
const three = ['node-1', 'node-2', 'node-3'].map((node) => ({ node, role: 'PRIMARY' }));

describe('options', () => {
  test('each has the default of the contract', () => {
    expect(resolveOptions({}, null)).toEqual({
      port: 8024,
      host: '127.0.0.1',
      nodes: 3,
      nodeNames: ['node-1', 'node-2', 'node-3'],
      contexts: ['default'],
      groups: [
        { name: '_admin', contexts: [], members: three },
        { name: 'default', contexts: ['default'], members: three },
      ],
      dataDir: null,
      rate: 1,
      payloadBytes: null,
      maxDiskBytes: 2 * 1024 ** 3,
      seed: 1,
      speed: 60,
      serverVersion: 'documented',
      edition: 'enterprise',
      segmentSizeBytes: 1024 ** 2,
      logSegmentSizeBytes: 256 * 1024,
      nodeSegmentSizeBytes: {},
      firstTokens: new Map(),
      indexFormats: new Map([['default', { EVENT: 'BLOOM_FILTER_INDEX', SNAPSHOT: 'BLOOM_FILTER_INDEX' }]]),
      snapshotStorage: 'events',
      memoryMappedFiles: false,
      serverRoot: null,
      mountsApart: false,
      contextPath: '',
      token: null,
      tokens: [],
      users: [],
      dcbContexts: [],
      dcbBackupFolders: [],
    });
  });

  test('what is given stays as it is', () => {
    const options: Required<SimulatorOptions> = {
      port: 0,
      host: '::1',
      nodes: 5,
      contexts: ['a', 'b'],
      groups: [
        { name: '_admin', contexts: [], members: [{ node: 'node-1', role: 'PRIMARY' }] },
        { name: 'a & b', contexts: ['a', 'b'], members: [{ node: 'node-5', role: 'PRIMARY' }] },
      ],
      dataDir: '/somewhere',
      rate: 0.5,
      payloadBytes: 0,
      maxDiskBytes: 1,
      seed: 0,
      speed: 0,
      serverVersion: 'documented',
      edition: 'enterprise',
      segmentSizeBytes: 64,
      logSegmentSizeBytes: 1024,
      dcbBackupFolders: ['/backups'],
      nodeSegmentSizeBytes: { 'node-5': 128 },
      firstTokens: { b: '9007199254740993' },
      indexFormats: { a: 'JUMP_SKIP_INDEX' },
      snapshotStorage: 'snapshots',
      memoryMappedFiles: true,
      serverRoot: '/axonserver',
      mountsApart: true,
      contextPath: '/axonserver-1',
      token: 'secret',
      tokens: [{ token: 'other', roles: [{ context: 'b', role: 'USE_CONTEXT' }] }],
      users: [{ name: 'alice', password: 'x', roles: [{ context: 'a', role: 'ADMIN' }] }],
    };
    const firstTokens = new Map([['b', 9_007_199_254_740_993n]]);
    const indexFormats = new Map([
      ['a', { EVENT: 'JUMP_SKIP_INDEX', SNAPSHOT: 'JUMP_SKIP_INDEX' }],
      ['b', { EVENT: 'BLOOM_FILTER_INDEX', SNAPSHOT: 'BLOOM_FILTER_INDEX' }],
    ]);
    expect(resolveOptions(options, null)).toEqual({
      ...options,
      nodeNames: nodeNamesOf(5),
      firstTokens,
      indexFormats,
      dcbContexts: [],
    });
  });

  test.each<SimulatorOptions>([
    { port: 65_535, nodes: 1 },
    { port: 65_533 },
    { nodes: 32 },
    { seed: Number.MAX_SAFE_INTEGER },
    { segmentSizeBytes: 2_147_483_647 },
    { contexts: [hundred, 'été', 'order management & co', "it's", '100%', 'a+b', 'constructor', '#1;x=y'] },
    { token: '!"#$%&\'()*+,-./0:;<=>?@A[\\]^_`a{|}~' },
  ])('%j is taken', (options) => {
    expect(resolveOptions(options, null)).toMatchObject(options);
  });
});

const badOptions: ReadonlyArray<readonly [options: SimulatorOptions, message: string]> = [
  [{ port: -1 }, 'port -1: a whole number from 0 to 65535 is wanted'],
  [{ port: 65_536 }, 'port 65536: a whole number from 0 to 65535 is wanted'],
  [{ port: 1.5 }, 'port 1.5: a whole number from 0 to 65535 is wanted'],
  [{ port: Number.NaN }, 'port NaN: a whole number from 0 to 65535 is wanted'],
  [{ port: 65_534 }, 'port 65534: the last of 3 nodes has no port left'],
  [{ nodes: 0 }, 'nodes 0: a whole number from 1 to 64 is wanted'],
  [{ nodes: 65 }, 'nodes 65: a whole number from 1 to 64 is wanted'],
  [{ seed: -1 }, 'seed -1: a whole number from 0 to 9007199254740991 is wanted'],
  [{ seed: 2 ** 53 }, 'seed 9007199254740992: a whole number'],
  [{ rate: -1 }, 'rate -1: a number from 0 to 10000 is wanted'],
  [{ rate: Number.POSITIVE_INFINITY }, 'rate Infinity: a number from 0 to 10000 is wanted'],
  [{ speed: -0.1 }, 'speed -0.1: a number from 0 to 1000000 is wanted'],
  [{ speed: Number.NaN }, 'speed NaN: a number'],
  [{ payloadBytes: -1 }, 'payload bytes -1: a whole number from 0 to 1048576 is wanted'],
  [{ maxDiskBytes: -1 }, 'max disk -1: a whole number'],
  [{ segmentSizeBytes: 63 }, 'segment size 63: a whole number from 64 to 2147483647 is wanted'],
  [{ segmentSizeBytes: 2 ** 31 }, 'segment size 2147483648: a whole number from 64 to 2147483647 is wanted'],
  [{ logSegmentSizeBytes: 100 }, 'log segment size 100: a whole number from 1024 to 2147483647 is wanted'],
  [{ firstTokens: { default: '1e9' } }, 'first token of default "1e9": digits from 0 to 4611686018427387904'],
  [{ firstTokens: { other: '1' } }, 'a first token is given for "other"; there are default'],
  [{ nodeSegmentSizeBytes: { 'node-2': 63 } }, 'segment size of node-2 63: a whole number from 64'],
  [
    { nodeSegmentSizeBytes: { 'node-4': 64 } },
    'a segment size is given for "node-4"; there are node-1, node-2, node-3',
  ],
  [{ contexts: [] }, 'there must be at least one context'],
  [{ contexts: [''] }, 'a context name has 1 to 100 characters'],
  [{ contexts: [`${hundred}x`] }, 'a context name has 1 to 100 characters'],
  [{ contexts: ['a', 'b', 'a'] }, 'context "a" is named twice'],
  [{ contexts: ['_admin'] }, '"_admin" is reserved: names that begin with _ belong to the server'],
  [{ contexts: ['../up'] }, 'begins or ends with a dot or a space'],
  [{ contexts: ['a/b'] }, 'holds a character that no folder name should'],
  [{ contexts: ['a\\b'] }, 'holds a character that no folder name should'],
  [{ contexts: ['a\u0000b'] }, 'holds a character that no folder name should'],
  [{ contexts: ['a,b'] }, 'holds a character that no folder name should'],
  [{ contexts: ['a '] }, 'begins or ends with a dot or a space'],
  [{ token: '' }, 'the token is empty: leave it out to have no access control'],
  [{ token: 'two words' }, 'the token must be of letters, digits and signs that a header can carry'],
  [{ token: 'clé' }, 'the token must be of letters, digits and signs that a header can carry'],
  [{ token: 'a\nb' }, 'the token must be of letters, digits and signs that a header can carry'],
  // Otherwise an unset variable of a shell would make the current folder the data folder.
  [{ dataDir: '' }, 'the data folder has no name: leave it out for a temporary one'],
  [{ host: '' }, 'the host is empty: leave it out for 127.0.0.1'],
  [
    { serverVersion: '3.1' as 'documented' },
    'there is no server version "3.1"; there are documented, 4.2, 4.5, 4.6, 2023.2',
  ],
  [
    { serverVersion: '__proto__' as 'documented' },
    'there is no server version "__proto__"; there are documented, 4.2, 4.5, 4.6, 2023.2',
  ],
];

describe('bad options', () => {
  test.each(badOptions)('%j is refused, with what would be right', (options, message) => {
    const failure = failureOf(() => resolveOptions(options, null));
    expect(failure.kind).toBe('bad-option');
    expect(failure.message).toContain(message);
  });

  test('a refused token is not repeated', () => {
    expect(failureOf(() => resolveOptions({ token: 'my secret' }, null)).message).not.toContain('secret');
  });
});

describe('an existing data folder', () => {
  const shape = { nodes: 5, contexts: ['orders', 'billing'] };
  const existing = { ...shape, groups: groupPerContext(nodeNamesOf(5), shape.contexts) };

  test('says how many nodes there are and which contexts, where nothing is given', () => {
    expect(resolveOptions({ dataDir: '/d' }, existing)).toMatchObject(existing);
  });

  test('may be named with what it holds', () => {
    expect(resolveOptions({ dataDir: '/d', ...shape }, existing)).toMatchObject(existing);
  });

  test.each<SimulatorOptions>([{ nodes: 3 }, { contexts: ['orders'] }, { contexts: ['billing', 'orders'] }])(
    'is not gone on with as another shape: %j',
    (options) => {
      const failure = failureOf(() => resolveOptions({ dataDir: '/d', ...options }, existing));
      expect(failure.kind).toBe('bad-option');
      expect(failure.message).toBe(
        'the data folder holds 5 nodes and the contexts orders,billing: leave out --nodes and --contexts, or name another folder',
      );
    },
  );
});
