import { describe, expect, test } from 'vitest';
import { localPathOf, parsePathMapping } from '../../../conformance/watch/path-map.ts';
import { failureOf } from '../../support/failure-of.ts';

const mappings = ['/axonserver=/other', '/axonserver/events=/mnt/events', '/axonserver/events/default=/fast'].map(
  parsePathMapping,
);

describe('where a file of the server lies here', () => {
  test.each([
    ['/axonserver/events/orders/0.events', '/mnt/events/orders/0.events', 'below the longest folder of the map'],
    ['/axonserver/events/default/0.events', '/fast/0.events', 'below the longest, though another one fits'],
    ['/axonserver/./controldb1.zip', '/other/controldb1.zip', 'a dot for a folder is none'],
    ['/axonserver//events/./orders/0.events', '/mnt/events/orders/0.events', 'nor are two slashes'],
    ['/axonserver/events2/0.events', '/other/events2/0.events', 'a name that begins alike is another folder'],
    [
      '/data/axonserver/events/0.events',
      '/data/axonserver/events/0.events',
      'within a path no folder of the map counts',
    ],
    ['/elsewhere/0.events', '/elsewhere/0.events', 'what the map lacks has its own name'],
  ])('%s is %s: %s', (listed, local) => {
    expect(localPathOf(mappings, listed)).toBe(local);
  });

  test.each(['events=/mnt', '/axonserver/events', '/axonserver/events=', ''])('%j is no mapping', (text) => {
    expect(failureOf(() => parsePathMapping(text))).toMatchObject({ kind: 'bad-option' });
  });
});
