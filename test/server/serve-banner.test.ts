import { describe, expect, test } from 'vitest';
import { createStyle, formatBanner } from '../../server/serve/serve-banner.ts';

const node = {
  name: 'node-1',
  url: 'http://127.0.0.1:8024',
  dataDir: '/tmp/cluster/node-1',
  eventsDir: '/tmp/cluster/node-1/events',
  logDir: '/tmp/cluster/node-1/log',
  controlDbDir: '/tmp/cluster/node-1/controldb',
  roles: { _admin: 'PRIMARY', orders: 'PRIMARY' },
} as const;

const groups = [
  { name: '_admin', contexts: [], members: [] },
  { name: 'orders', contexts: ['orders'], members: [] },
];

const plain = createStyle({}, {});

describe('colours', () => {
  test.each([
    [{ isTTY: true }, {}, true],
    [{ isTTY: true }, { NO_COLOR: '' }, true],
    [{ isTTY: true }, { NO_COLOR: '1' }, false],
    [{ isTTY: true }, { NO_COLOR: '0' }, false],
    [{ isTTY: false }, {}, false],
    [{}, { FORCE_COLOR: '1' }, true],
    [{}, { FORCE_COLOR: '' }, true],
    [{ isTTY: true }, { FORCE_COLOR: '0' }, false],
    [{ isTTY: true }, { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
  ])('on %j with %j: %s', (stream, environment, hasColours) => {
    const { bold, dim } = createStyle(stream, environment);
    expect(bold('x') !== 'x').toBe(hasColours);
    expect(dim('x') !== 'x').toBe(hasColours);
  });
});

describe('the banner', () => {
  test('has a line for each node, in columns', () => {
    const second = { ...node, name: 'node-10', url: 'http://127.0.0.1:18033', dataDir: '/tmp/cluster/node-10' };
    const lines = formatBanner({ nodes: [node, second], groups }, { speed: 60, hasToken: false }, plain).split('\n');
    expect(lines.slice(1, 4)).toEqual([
      '  node     url                     files',
      '  node-1   http://127.0.0.1:8024   /tmp/cluster/node-1',
      '  node-10  http://127.0.0.1:18033  /tmp/cluster/node-10',
    ]);
  });

  test('says how time passes', () => {
    expect(formatBanner({ nodes: [node], groups }, { speed: 60, hasToken: false }, plain)).toContain(
      '60 virtual seconds pass each second',
    );
    expect(formatBanner({ nodes: [node], groups }, { speed: 0, hasToken: false }, plain)).toContain(
      'time stands still until you move it',
    );
  });

  test('asks for a context that there is', () => {
    const banner = formatBanner({ nodes: [node], groups }, { speed: 60, hasToken: false }, plain);
    expect(banner).toContain('/v1/backup/log/filenames?context=orders');
    expect(banner).toContain('/v1/backup/eventstore?type=EVENT&targetContext=orders');
    expect(banner).not.toContain('default');
  });

  test('asks the node that holds it, for the log of its group', () => {
    const first = { ...node, roles: { _admin: 'PRIMARY', retail: 'MESSAGING_ONLY' } } as const;
    const second = { ...node, url: 'http://127.0.0.1:8025', roles: { retail: 'PRIMARY' } } as const;
    const retail = { name: 'retail', contexts: ['orders & co', 'billing'], members: [] };
    const banner = formatBanner({ nodes: [first, second], groups: [retail] }, { speed: 60, hasToken: false }, plain);
    expect(banner).toContain('http://127.0.0.1:8025/v1/backup/log/filenames?context=retail');
    expect(banner).toContain('8025/v1/backup/eventstore?type=EVENT&targetContext=orders%20%26%20co');
  });

  test('shows where a token goes, and not the token', () => {
    const banner = formatBanner({ nodes: [node], groups }, { speed: 60, hasToken: true }, plain);
    expect(banner).toContain(
      "curl -H 'AxonIQ-Access-Token: …' -X POST http://127.0.0.1:8024/v1/backup/createControlDbBackup",
    );
    expect(formatBanner({ nodes: [node], groups }, { speed: 60, hasToken: false }, plain)).not.toContain(
      'Access-Token',
    );
  });
});
