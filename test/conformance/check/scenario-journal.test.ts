import { describe, expect, test } from 'vitest';
import { journalOf } from '../../../conformance/check/judge/scenario-journal.ts';
import { evidence, failing, goodRun, logListing, run } from '../../support/evidence.ts';

describe('the journal of a scenario', () => {
  test('has the requests of all runs, in order, with what they were answered', () => {
    const { scenario, requests } = journalOf(
      { id: 'growth/quiet', serverVersion: 'documented' },
      evidence({ runs: [goodRun(1), goodRun(2)] }),
      [],
    );
    expect(scenario).toBe('growth/quiet');
    expect(requests.map(({ run: number, ordinal }) => [number, ordinal]).slice(3, 7)).toEqual([
      [1, 4],
      [1, 5],
      [2, 101],
      [2, 102],
    ]);
    expect(requests.slice(0, 5).map(({ answer }) => answer)).toEqual([
      expect.stringMatching(/^controldb\d+\.zip$/),
      '2 files',
      '2 files',
      '2 files of EVENT, segment 100 open',
      '2 files of SNAPSHOT, segment 100 open',
    ]);
  });

  test('an error and its fault are told', () => {
    const runs = [run({ requests: [failing(logListing('default'), 503, 'status 503')] })];
    const [request] = journalOf({ id: 'fault/some', serverVersion: 'documented' }, evidence({ runs }), []).requests;
    expect(request).toMatchObject({ status: 503, fault: 'status 503', answer: 'no answer to go by' });
  });

  test('is plain data without a token', () => {
    const query = { context: 'default', token: 's3cret', list: ['a', 's3cret'] };
    const runs = [run({ requests: [logListing('default', [], { query, path: '/v1/s3cret' })] })];
    const journal = journalOf(
      { id: 'access/token', serverVersion: 'documented' },
      evidence({ runs, secrets: ['s3cret'] }),
      [],
    );
    expect(JSON.stringify(journal)).not.toContain('s3cret');
    expect(journal.requests[0]).toMatchObject({
      path: '/v1/***',
      query: { context: 'default', token: '***', list: 'a, ***' },
    });
  });
});
