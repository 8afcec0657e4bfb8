import { describe, expect, test } from 'vitest';
import { sameNode } from '../../../../conformance/rules/order/same-node.ts';
import {
  evidence,
  exited,
  goodBackup,
  goodRequests,
  goodRun,
  logListing,
  post,
  run,
  zipFile,
  zipName,
} from '../../../support/evidence.ts';

const [first = {}, ...listings] = goodRequests(1);
const elsewhere = { node: 'node-2' };

describe('order/same-node', () => {
  test('passes where a run stays with one node, whichever it is', () => {
    const runs = [goodRun(1), goodRun(2, { node: 'node-2' })];
    expect(sameNode.check(evidence({ runs }))).toMatchObject({ verdict: 'pass' });
  });

  test('fails where the log of another node is taken', () => {
    const runs = [goodRun(1, { requests: [first, logListing('_admin'), logListing('default', [], elsewhere)] })];
    expect(sameNode.check(evidence({ runs }))).toMatchObject({
      verdict: 'fail',
      findings: [
        {
          run: 1,
          subject: 'GET /v1/backup/log/filenames?context=default (request 3)',
          expected:
            'the log comes from node-1, as the control database does (POST /v1/backup/createControlDbBackup (request 1))',
          actual: 'it comes from node-2',
        },
      ],
    });
  });

  test('passes where a client starts anew with another node', () => {
    const requests = [
      first,
      logListing('_admin'),
      post(zipName(9), elsewhere),
      ...listings.map((listing) => ({ ...listing, ...elsewhere })),
    ];
    const after = [zipFile(zipName(9)), ...goodBackup(1)];
    expect(sameNode.check(evidence({ runs: [goodRun(1, { requests, after })] }))).toMatchObject({ verdict: 'pass' });
  });

  test('passes where other nodes are asked for a control database, too, before the one that counts', () => {
    const requests = [post('controldb9.zip', elsewhere), first, ...listings];
    const after = [zipFile('controldb9.zip'), ...goodBackup(1)];
    expect(sameNode.check(evidence({ runs: [goodRun(1, { requests, after })] }))).toMatchObject({ verdict: 'pass' });
  });

  test('says nothing where there was no control database, or no log, or no claim', () => {
    const runs = [
      run({ requests: listings }),
      run({ run: 2, requests: [post()] }),
      run({ run: 3, requests: [post(), logListing('default', [], elsewhere)], result: exited(1) }),
    ];
    expect(sameNode.check(evidence({ runs }))).toMatchObject({ verdict: 'inconclusive' });
  });
});
