import { expect, test } from 'vitest';
import { narrate } from '../../../conformance/demo/narrate.ts';
import type { ClusterEvent } from '../../../server/index.ts';
import { evidence, exited, logListing, post, run } from '../../support/evidence.ts';

const first = run({ requests: [post(), logListing('default')] });
const at = (seconds: number): number => first.startMs + seconds * 1000;

function closed(seconds: number, node = 'node-1'): ClusterEvent {
  return { kind: 'segment-closed', atMs: at(seconds), node, context: 'default', type: 'EVENT', segment: seconds };
}

test('a story goes from the first run to the last, and tells of both sides in order of time', () => {
  const cleaned: ClusterEvent = {
    kind: 'log-cleaned',
    atMs: at(1.5),
    node: 'node-1',
    group: 'default',
    removed: [1, 101],
    firstIndex: 201,
  };
  const texts = narrate(evidence({ runs: [first], events: [cleaned] })).map(({ who, text }) => `${who}: ${text}`);
  expect(texts).toEqual([
    'client: run 1 begins',
    expect.stringMatching(/^client: asks node-1 for the control database, and copies controldb\d+\.zip$/),
    'cluster: node-1 cleans the log of default: 2 files gone, it begins with entry 201 now',
    expect.stringMatching(/^client: asks node-1 for the log of default, and copies \d+ files? from entry \d+ on$/),
    'client: run 1 exited with 0, which says: this backup is good',
  ]);
});

test('what happens all the time is counted, and what happens elsewhere or before is left out', () => {
  const changed = (seconds: number): ClusterEvent => {
    return { kind: 'configuration-changed', atMs: at(seconds), change: 'ADMIN_USER', name: 'user' };
  };
  const events = [closed(-5), closed(0.2), changed(0.3), closed(0.4), closed(0.5, 'node-2'), changed(0.6)];
  const texts = narrate(evidence({ runs: [first], events })).map(({ text }) => text);
  expect(texts[1]).toBe('(meanwhile 2 segments closed, the configuration changed 2 times)');
  expect(texts.filter((text) => text.startsWith('(meanwhile'))).toHaveLength(1);
});

test('a run that failed claims nothing', () => {
  const texts = narrate(evidence({ runs: [run({ result: exited(3) })] })).map(({ text }) => text);
  expect(texts.at(-1)).toBe('run 1 exited with 3');
});

test('without a run there is nothing to tell', () => {
  expect(narrate(evidence({ runs: [] }))).toEqual([]);
});
