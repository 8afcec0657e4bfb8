import { describe, expect, test } from 'vitest';
import type { RunRecord } from '../../../conformance/journal/evidence.ts';
import type { BackupFile } from '../../../conformance/journal/inventory.ts';
import { notLiveFile } from '../../../conformance/rules/control-db/not-live-file.ts';
import { requested } from '../../../conformance/rules/control-db/requested.ts';
import { returnedFile } from '../../../conformance/rules/control-db/returned-file.ts';
import { errorIsFailure } from '../../../conformance/rules/fault/error-is-failure.ts';
import { allGroups } from '../../../conformance/rules/log/all-groups.ts';
import { recopied } from '../../../conformance/rules/log/recopied.ts';
import { replaced } from '../../../conformance/rules/log/replaced.ts';
import { controlDbFirst } from '../../../conformance/rules/order/control-db-first.ts';
import { logWithin30Minutes } from '../../../conformance/rules/order/log-within-30-minutes.ts';
import { sameNode } from '../../../conformance/rules/order/same-node.ts';
import { exitStatusTrue } from '../../../conformance/rules/outcome/exit-status-true.ts';
import { noLoss } from '../../../conformance/rules/outcome/no-loss.ts';
import { restorable } from '../../../conformance/rules/outcome/restorable.ts';
import {
  evidence,
  failing,
  firstMs,
  goodBackup,
  goodRequests,
  goodRun,
  post,
  problem,
  request,
  restoration,
  run,
  zipName,
  type RequestSketch,
} from '../../support/evidence.ts';

/* Clients that do it in a way of their own, and rightly so: no rule may hold that against them. */

const rules = [
  requested,
  returnedFile,
  notLiveFile,
  controlDbFirst,
  logWithin30Minutes,
  sameNode,
  replaced,
  recopied,
  allGroups,
  errorIsFailure,
  exitStatusTrue,
  restorable,
  noLoss,
];

/** Everything that a run copies afresh in one place of its own, beside what earlier runs have left. */
function inPlaceOfItsOwn(number: number, place: (file: BackupFile) => Partial<BackupFile>): BackupFile[] {
  return goodBackup(number).map((file) => ({ ...file, ...place(file), writtenInRun: number, recency: number }));
}

function twoRuns(backup: (number: number) => BackupFile[]): RunRecord[] {
  return [goodRun(1, { after: backup(1) }), goodRun(2, { before: backup(1), after: [...backup(1), ...backup(2)] })];
}

function asking(requests: (number: number) => readonly RequestSketch[]): RunRecord[] {
  return [goodRun(1, { requests: requests(1) }), goodRun(2, { requests: requests(2) })];
}

const clients: ReadonlyArray<readonly [string, readonly RunRecord[]]> = [
  ['keeps one tree', [goodRun(1), goodRun(2), goodRun(3)]],
  [
    'makes a dated folder each run',
    twoRuns((number) =>
      inPlaceOfItsOwn(number, ({ path, container }) => ({
        path: `2024-01-0${number}/${path}`,
        container: `2024-01-0${number}/${container}`,
      })),
    ),
  ],
  [
    'makes an archive each run',
    twoRuns((number) =>
      inPlaceOfItsOwn(number, ({ path }) => ({ path: `run-${number}.tar!${path}`, container: `run-${number}.tar` })),
    ),
  ],
  [
    'looks around first',
    asking((number) => [request(), request({ path: '/actuator/health' }), ...goodRequests(number)]),
  ],
  [
    'asks everything twice',
    asking((number) => [post(zipName(number)), ...goodRequests(number), ...goodRequests(number).slice(1)]),
  ],
  [
    'tries again after each error',
    asking((number) => goodRequests(number).flatMap((sketch) => [failing(sketch), sketch])),
  ],
  [
    'asks for everything at once after the POST',
    [1, 2].map((number) => {
      const startMs = firstMs + number * 7_200_000;
      const [first = {}, ...others] = goodRequests(number).map((sketch) => ({ ...sketch, atMs: startMs + 1500 }));
      return goodRun(number, { startMs, requests: [{ ...first, atMs: startMs + 1000 }, ...others.toReversed()] });
    }),
  ],
  [
    'uses the path of the standard edition',
    asking((number) => [post(zipName(number), { path: '/createControlDbBackup' }), ...goodRequests(number).slice(1)]),
  ],
  ['backs up the second node', [goodRun(1, { node: 'node-2' }), goodRun(2, { node: 'node-2' })]],
];

describe.each(clients)('a client that %s', (_, runs) => {
  test.each(rules.map((rule) => [rule.id, rule] as const))('is not failed by %s', (_id, rule) => {
    expect(rule.check(evidence({ runs }))).not.toMatchObject({ verdict: 'fail' });
  });
});

test('the good client passes what a run without trouble shows', () => {
  const runs = [goodRun(1), goodRun(2)];
  const passed = rules.filter((rule) => rule.check(evidence({ runs })).verdict === 'pass');
  expect(passed.map(({ id }) => id)).toEqual(rules.filter((rule) => rule !== errorIsFailure).map(({ id }) => id));
});

test('a client that does nothing passes nothing', () => {
  const nothing = restoration({ problems: [problem('no-control-db')] });
  const runs = [run({ restoration: nothing }), run({ run: 2, restoration: nothing })];
  const passed = rules.filter((rule) => rule.check(evidence({ runs })).verdict === 'pass');
  expect(passed.map(({ id }) => id)).toEqual([]);
});
