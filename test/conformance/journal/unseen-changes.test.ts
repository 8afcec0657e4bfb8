import { describe, expect, test } from 'vitest';
import type { ListedFile } from '../../../conformance/journal/evidence.ts';
import { hasChangedUnseen } from '../../../conformance/journal/inference/unseen-changes.ts';
import { hazards } from '../../../conformance/scenarios/hazards.ts';
import { evidence, firstMs, listedFile, logListing, logName, run, segmentName } from '../../support/evidence.ts';

const before = { modifiedAtMs: firstMs, checksum: 'sha-before', isOpen: true };
const log = listedFile(logName(1), before);

function listedAs(values: Partial<ListedFile>): boolean {
  const now = { ...log, checksum: 'sha-now', ...values };
  const runs = [
    run({ run: 1, requests: [logListing('default', [log])] }),
    run({ run: 2, requests: [logListing('default', [now])] }),
  ];
  return hasChangedUnseen(evidence({ runs }), runs[1] ?? run(), now);
}

describe('a listed file', () => {
  test('has changed unseen where its bytes are others, and its size and time are not', () => {
    expect(listedAs({})).toBe(true);
  });

  test.each<readonly [what: string, values: Partial<ListedFile>]>([
    ['its bytes are the same', { checksum: 'sha-before' }],
    ['its time has moved', { modifiedAtMs: firstMs + 1 }],
    ['its size is another', { sizeBytes: 1001 }],
    ['it is another file', { path: `/axonserver/other/${log.name}` }],
    ['it is not there', { checksum: null, sizeBytes: null, modifiedAtMs: null }],
  ])('has not where %s', (_, values) => {
    expect(listedAs(values)).toBe(false);
  });
});

describe('bytes change and size and time do not', () => {
  const segment = listedFile(segmentName(0), before);
  const segments = (file: ListedFile) => ({
    answer: {
      kind: 'segments',
      context: 'default',
      type: 'EVENT',
      cursor: null,
      openSegment: 0n,
      lastClosedSegment: -1n,
      files: [file],
    } as const,
  });
  const isReached = (first: readonly object[], second: readonly object[]): boolean =>
    hazards.changesUnseen.isReached(
      evidence({ runs: [run({ run: 1, requests: first }), run({ run: 2, requests: second })] }),
    );
  const now = { checksum: 'sha-now' };

  test('where both a log and an open segment are listed so', () => {
    const first = [logListing('default', [log]), segments(segment)];
    expect(isReached(first, [logListing('default', [{ ...log, ...now }]), segments({ ...segment, ...now })])).toBe(
      true,
    );
    expect(isReached(first, [logListing('default', [{ ...log, ...now }]), segments(segment)])).toBe(false);
    expect(isReached(first, [logListing('default', [log]), segments({ ...segment, ...now })])).toBe(false);
  });

  test('where a log is, for who asks for closed segments alone', () => {
    expect(isReached([logListing('default', [log])], [logListing('default', [{ ...log, ...now }])])).toBe(true);
  });
});
