import { describe, expect, test } from 'vitest';
import { Mounts } from '../../../conformance/journal/recording/mounts.ts';
import { formatPathMap, parsePathMap } from '../../../conformance/journal/path-map.ts';

const pathMap = '/axonserver/events=/c1/events\n/axonserver/log=/c2/log\n/axonserver=/c3';
const node = { name: 'node-1', url: '', dataDir: '', eventsDir: '', logDir: '', controlDbDir: '', roles: {}, pathMap };

describe('what a client is told of mounts', () => {
  test('is what there is, and the same when it has been read and written', () => {
    const mounts = new Mounts([node], '/axonserver');
    expect(mounts.tell(node).pathMap).toBe(pathMap);
    expect(formatPathMap(parsePathMap(pathMap))).toBe(pathMap);
    expect(mounts.isOutside('node-1', '/axonserver/./controldb1.zip')).toBe(false);
    expect(mounts.localPathOf('node-1', '/axonserver/./log/default/a.log')).toBe('/c2/log/default/a.log');
  });

  test('leaves out what is mounted nowhere, and the kit finds it all the same', () => {
    const mounts = new Mounts([node], '/axonserver');
    expect(mounts.tell(node, ['zip']).pathMap).toBe('/axonserver/events=/c1/events\n/axonserver/log=/c2/log');
    expect(mounts.isOutside('node-1', '/axonserver/controldb1.zip', ['zip'])).toBe(true);
    expect(mounts.isOutside('node-1', '/axonserver/log/default/a.log', ['zip'])).toBe(false);
    expect(mounts.localPathOf('node-1', '/axonserver/controldb1.zip')).toBe('/c3/controldb1.zip');
    // As a fault has it that spoils the answer.
    expect(mounts.isOutside('node-1', 'Service Unavailable', ['zip'])).toBe(false);
  });

  test('is nothing where the server calls its files what they are called', () => {
    const { pathMap: _none, ...plain } = node;
    const mounts = new Mounts([plain], null);
    expect(mounts.tell(plain)).toBe(plain);
    expect(mounts.isOutside('node-1', '/anywhere/a.zip')).toBe(false);
    expect(mounts.localPathOf('node-1', '/anywhere/./a.zip')).toBe('/anywhere/./a.zip');
  });
});
