import { describe, expect, test } from 'vitest';
import { contexts } from '../../../../conformance/rules/coverage/contexts.ts';
import { exited, failing, run, segmentListing } from '../../../support/evidence.ts';
import { ask, segmentEvidence, take, type StoreChoice } from '../../../support/segment-evidence.ts';

const check = contexts.check;
const orders: StoreChoice = { context: 'orders', state: { closed: [0, 13], open: 31, openAs: 'run-1' } };
const both = { contexts: ['default', 'orders'] };
const everything = [...take(1), ...take(1, orders)];

describe('coverage/contexts', () => {
  test('passes where the events of every context are there', () => {
    const evidence = segmentEvidence([run({ requests: [ask(1), ask(1, orders)], after: everything })], both);
    expect(check(evidence)).toEqual({
      verdict: 'pass',
      judged: '2 times that a run had to back up the events of a context',
    });
  });

  test('fails a context that nobody asked for', () => {
    expect(check(segmentEvidence([run({ requests: [ask(1)], after: take(1) })], both))).toEqual({
      verdict: 'fail',
      findings: [
        {
          run: 1,
          atMs: null,
          subject: 'context orders',
          expected: 'the events of context orders in the backup after run 1',
          actual: 'they were not listed: no request asked for it',
        },
      ],
    });
  });

  test('fails a context that was asked for under the wrong parameter, and says which is the right one', () => {
    const query = { context: 'orders', type: 'EVENT' };
    const misread = ask(1, {}, { query });
    const evidence = segmentEvidence([run({ requests: [ask(1), misread], after: take(1) })], both);
    expect(check(evidence)).toHaveProperty('findings', [
      expect.objectContaining({
        atMs: Date.UTC(2024, 0, 1, 2, 0, 2),
        subject: 'GET /v1/backup/eventstore?context=orders&type=EVENT (request 2)',
        actual:
          'they were not listed: /v1/backup/eventstore takes the context from targetContext, and answered for default',
      }),
    ]);
  });

  test('takes the empty list of a context that is not there for no answer', () => {
    const nowhere = { openSegment: null, lastClosedSegment: -1n, files: [] };
    const absent = segmentListing({ context: 'orders', ...nowhere });
    const broken = segmentListing({ context: 'order management ', ...nowhere });
    const reasonOf = (sketch: typeof absent, names: string[]) =>
      check(segmentEvidence([run({ requests: [ask(1), sketch], after: take(1) })], { contexts: names }));
    expect(reasonOf(absent, ['default', 'orders'])).toHaveProperty(
      'findings.0.actual',
      'they were not listed: node-1 does not have the context: its empty list says nothing',
    );
    expect(reasonOf(broken, ['default', 'order management & co'])).toHaveProperty(
      'findings.0.actual',
      'they were not listed: the server was asked for context "order management ", which there is not',
    );
  });

  test('fails a context whose listing was refused, and passes it where a second try was not', () => {
    const refused = failing(ask(1, orders));
    const evidence = segmentEvidence([run({ requests: [ask(1), refused], after: take(1) })], both);
    expect(check(evidence)).toHaveProperty(
      'findings.0.actual',
      'they were not listed: the request was answered with 503, and none that followed brought the list',
    );
    const retried = run({ requests: [ask(1), refused, ask(1, orders)], after: everything });
    expect(check(segmentEvidence([retried], both)).verdict).toBe('pass');
  });

  test('fails a context that was listed, and of which nothing was copied', () => {
    const evidence = segmentEvidence([run({ requests: [ask(1), ask(1, orders)], after: take(1) })], both);
    expect(check(evidence)).toHaveProperty(
      'findings.0.actual',
      'not one segment of them is there, although segments up to 13 were closed at 2024-01-01T02:00:02.000Z',
    );
  });

  test('asks for no files of a context in which nothing is closed, yet that it be asked for', () => {
    const empty: StoreChoice = { context: 'orders', state: { closed: [], open: 0, openAs: 'empty' } };
    const asked = run({ requests: [ask(1), ask(1, empty)], after: take(1) });
    expect(check(segmentEvidence([asked], both)).verdict).toBe('pass');
  });

  test('leaves snapshots to coverage/snapshots', () => {
    expect(check(segmentEvidence([run({ requests: [ask(1)], after: take(1) })])).verdict).toBe('pass');
  });

  test('is inconclusive where no run claims to be good', () => {
    expect(check(segmentEvidence([run({ result: exited(1) })], both)).verdict).toBe('inconclusive');
  });
});
