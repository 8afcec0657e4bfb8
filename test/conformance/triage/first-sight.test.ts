import { stripVTControlCharacters } from 'node:util';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { runConformance } from '../../../conformance/check/run-conformance.ts';
import { CommandDriver } from '../../../conformance/driver/command-driver.ts';
import { unpackWith } from '../../../conformance/driver/restore-command.ts';
import { formatConsoleReport } from '../../../conformance/reporters/console.ts';
import { plainStyle } from '../../../conformance/reporters/style.ts';
import { rules } from '../../../conformance/rules/catalog.ts';
import { argvOfBuilt, fixtureClient } from '../../support/fixture-client.ts';

/*
 * What the author of a client sees first, behind the lines of the scenarios. A naive client once got 4,572 lines with six
 * causes in them, and a typo in the path 1,542 of which none said "No such file".
 */

const two = ['growth/first-backup', 'growth/grows-between-runs'];
const sixMistakes = path.resolve(import.meta.dirname, '../../support/clients/six-mistakes.mjs');
const builtClient = (id: string): string[] => argvOfBuilt(fixtureClient(id));

/** What a real check of a client says when it is over; or why there is none. */
async function consoleOf(argv: readonly string[], only: readonly string[] = two, restore?: string): Promise<string> {
  const client = new CommandDriver({ argv, useShell: false, environment: process.env });
  const report = await runConformance({
    driver: { argv: ['node', 'backup.mjs'], run: (invocation) => client.run(invocation) },
    only,
    jobs: 2,
    keepsFailures: false,
    refusesClientThatCannotRun: true,
    unpack: restore === undefined ? null : unpackWith(restore, process.env),
    reproCommand: (scenario) => `axon-backup-kit check --only ${scenario} --seed 1 -- node backup.mjs`,
  }).catch((error: unknown) => String(error));
  if (typeof report === 'string') return report.replaceAll(process.cwd(), '.');
  const text = formatConsoleReport(report, plainStyle, (id) => rules.find((rule) => rule.id === id));
  return (
    text
      .replaceAll(/axon-backup-kit \d+\.\d+\.\d+/g, 'axon-backup-kit 0.0.0')
      .replaceAll(/Node\.js v[\d.]+/g, 'Node.js v20')
      // How many rules there are is no affair of these.
      .replaceAll(/^(?:judgements|proved) .*$/gm, (line) =>
        line.replaceAll(/\d+(?= (?:pass|inconclusive|rules proved|judgements))/g, 'N'),
      )
      .replaceAll(/file:\/\/\S+\/fixtures/g, 'file:///fixtures')
  );
}

/** On a screen or two, with what is to be seen on the upper half of the first. */
function expectCause(text: string, cause: string | RegExp): void {
  const lines = stripVTControlCharacters(text).split('\n');
  expect(lines.length).toBeLessThanOrEqual(60);
  expect(lines.slice(0, 25).join('\n')).toMatch(cause);
}

describe('at first sight a client is told its mistake:', () => {
  test('a typo in the path of the client', async () => {
    const text = await consoleOf([process.execPath, './backp.mjs']);
    expectCause(text, 'Cannot find module');
    expect(text).toMatchInlineSnapshot(
      `"AxonError: the client cannot run: it made no request and exited with 1, twice: Error: Cannot find module './backp.mjs'"`,
    );
  });

  test('a client that throws and exits with 3', async () => {
    const code = 'console.error("Error: no configuration: /etc/backup.yaml"); process.exit(3)';
    const text = await consoleOf([process.execPath, '-e', code]);
    expectCause(text, 'no configuration');
    expect(text).toMatchInlineSnapshot(
      `"AxonError: the client cannot run: it made no request and exited with 3, twice: Error: no configuration: /etc/backup.yaml"`,
    );
  });

  test('a client without network', async () => {
    const code = 'await fetch("http://127.0.0.1:1/")';
    const text = await consoleOf([process.execPath, '--input-type=module', '-e', code]);
    expectCause(text, /ECONNREFUSED|bad port/);
    expect(text).toMatchInlineSnapshot(
      `"AxonError: the client cannot run: it made no request and exited with 1, twice: TypeError: fetch failed; [cause]: Error: bad port"`,
    );
  });

  test('a client that throws in the middle of a run', async () => {
    const text = await consoleOf(builtClient('crashes'));
    expectCause(text, 'something that nobody has thought of');
    expect(text).toMatchInlineSnapshot(`
      "
      What is wrong: 1 cause, in 2 of 2 scenarios

      1. outcome/exit-status-true  (2 scenarios)
         End with 0 exactly where the run has left a backup that restores.
         seen in     growth/first-backup, run 1: the end of run 1
         expected    exit 0 where nothing went wrong
         actual      it exited with 1, and every request was answered as it should be
         stderr              ^
                     Error: something that nobody has thought of
                         at Immediate.<anonymous> (file:///fixtures/clients/mutants/crashes.js:6:15)
                     Node.js v20
         what to do  Where the finding names something that does not restore, the rule that names its
                     cause fails before this one: begin there. Else set the exit code last, after
                     everything is copied and checked, and from one place, and let every error that is not …
         also in     growth/grows-between-runs

      client       node backup.mjs
      judged by    axon-backup-kit 0.0.0, the documented server, seed 1
      scenarios    2 fail
      judgements   2 fail, N inconclusive, N pass
      exit 1       a MUST rule failed

      start here   axon-backup-kit check --only growth/first-backup --seed 1 -- node backup.mjs
      "
    `);
  });

  test('events before the control database', async () => {
    const text = await consoleOf(builtClient('events-before-post'));
    expectCause(text, 'order/control-db-first');
    expect(text).toMatchInlineSnapshot(`
      "
      What is wrong: 1 cause, in 2 of 2 scenarios

      1. order/control-db-first  (2 scenarios)
         Create the control database backup before listing or copying any log or event segment that goes
         into the backup.
         seen in     growth/first-backup, run 1: GET
                     /v1/backup/eventstore?type=EVENT&targetContext=default&lastClosedSegmentBackedUp=-1 …
         expected    a control database backup that was made earlier in this run, and is the one in the
                     backup
         actual      the first was made later, by POST /v1/backup/createControlDbBackup (request 3) at
                     2024-01-01T00:00:05.325Z
         what to do  Wait for the answer to POST createControlDbBackup, then list the logs, then the event
                     segments. A run that asks once more starts anew with its listings, and so does one
                     that has listed before to see how much there is. With several nodes, ask each for its …
         also in     growth/grows-between-runs

      client       node backup.mjs
      judged by    axon-backup-kit 0.0.0, the documented server, seed 1
      scenarios    2 fail
      judgements   2 fail, N pass
      exit 1       a MUST rule failed

      start here   axon-backup-kit check --only growth/first-backup --seed 1 -- node backup.mjs
      "
    `);
  });

  test('the open segment as cursor', async () => {
    const text = await consoleOf(builtClient('cursor-from-open-segment'));
    expectCause(text, 'cursor/from-closed-segment');
    expect(text).toMatchInlineSnapshot(`
      "
      What is wrong: 1 cause, in 1 of 2 scenarios

      1. cursor/from-closed-segment  (1 scenario)
         Ask for what is new with the number of a closed segment, never with that of the open one.
         seen in     growth/grows-between-runs, run 2: GET
                     /v1/backup/eventstore?type=EVENT&targetContext=default&lastClosedSegmentBackedUp=60 …
         expected    a closed segment of the events of context default as the cursor: 40 was the highest
                     when run 1 asked node-1 at 2024-01-01T00:00:05.427Z
         actual      cursor 60: segment 60 was the open one when run 1 asked node-1 at
                     2024-01-01T00:00:05.427Z: what it gained since is left out
         what to do  Store lastClosedSegment of the answer to GET /v1/backup/eventstore. With GET
                     /v1/backup/filenames, which lists closed segments alone, store the highest number
                     among the names; where the list is empty, keep the old cursor. Keep all 64 bits of …
         at worst    a restore loses 19 events of default (EVENT), written over 0s of virtual time

      These follow, and go with their causes: cursor/never-skips (1), outcome/exit-status-true (1),
      outcome/restorable (1), outcome/no-loss (1)

      client       node backup.mjs
      judged by    axon-backup-kit 0.0.0, the documented server, seed 1
      scenarios    1 fail, 1 pass
      judgements   5 fail, N pass
      exit 1       a MUST rule failed

      start here   axon-backup-kit check --only growth/grows-between-runs --seed 1 -- node backup.mjs
      "
    `);
  });

  test('no log of _admin', async () => {
    const text = await consoleOf(builtClient('no-admin-log'));
    expectCause(text, 'log/all-groups');
    expect(text).toMatchInlineSnapshot(`
      "
      What is wrong: 1 cause, in 2 of 2 scenarios

      1. log/all-groups  (2 scenarios)
         Back up the log of every replication group, \`_admin\` among them.
         seen in     growth/first-backup, run 1: the log of _admin
         expected    the run lists the log of the replication group _admin and copies it
         actual      it listed the log of default alone
         what to do  Call GET /v1/backup/log/filenames once for each name in
                     AXONSERVER_REPLICATION_GROUPS, and copy what it lists.
         also in     growth/grows-between-runs

      These follow, and go with their causes: outcome/exit-status-true (2), outcome/restorable (2)

      client       node backup.mjs
      judged by    axon-backup-kit 0.0.0, the documented server, seed 1
      scenarios    2 fail
      judgements   6 fail, N inconclusive, N pass
      exit 1       a MUST rule failed

      start here   axon-backup-kit check --only growth/first-backup --seed 1 -- node backup.mjs
      "
    `);
  });

  test('six mistakes at once', async () => {
    const text = await consoleOf([process.execPath, sixMistakes], [...two, 'fault/log-refused']);
    expectCause(text, /What is wrong: \d+ causes/);
    expect(text).toMatchInlineSnapshot(`
      "
      What is wrong: 6 causes, in 3 of 3 scenarios

      1. order/control-db-first  (3 scenarios)
         Create the control database backup before listing or copying any log or event segment that goes
         into the backup.
         seen in     growth/first-backup, run 1: GET
                     /v1/backup/eventstore?type=EVENT&targetContext=default&lastClosedSegmentBackedUp=-1 …
         expected    a control database backup that was made earlier in this run, and is the one in the
                     backup
         actual      the first was made later, by POST /v1/backup/createControlDbBackup (request 2) at
                     2024-01-01T00:00:05.224Z
         what to do  Wait for the answer to POST createControlDbBackup, then list the logs, then the event
                     segments. A run that asks once more starts anew with its listings, and so does one
                     that has listed before to see how much there is. With several nodes, ask each for its …
         at worst    a restore loses 44 snapshots of default (SNAPSHOT), written over 9m 38s of virtual …
         also in     growth/grows-between-runs, fault/log-refused
         brings      outcome/restorable, outcome/no-loss, outcome/exit-status-true, fault/recovers

      2. log/all-groups  (2 scenarios, and behind another cause in 1 more)
         Back up the log of every replication group, \`_admin\` among them.
         seen in     growth/first-backup, run 1: the log of _admin
         expected    the run lists the log of the replication group _admin and copies it
         actual      it listed the log of default alone
         what to do  Call GET /v1/backup/log/filenames once for each name in
                     AXONSERVER_REPLICATION_GROUPS, and copy what it lists.
         at worst    a restore loses 44 snapshots of default (SNAPSHOT), written over 9m 38s of virtual …
         also in     growth/grows-between-runs
         brings      outcome/restorable, outcome/no-loss, outcome/exit-status-true, log/replaced

      3. coverage/snapshots  (2 scenarios, and behind another cause in 1 more)
         Back up the snapshots of every context, too.
         seen in     growth/first-backup, run 1: context default
         expected    the snapshots of context default in the backup after run 1
         actual      they were not listed: no request asked for it
         what to do  Make each listing twice, with type=EVENT and with type=SNAPSHOT. A client that is not
                     meant to back up snapshots declares no-snapshots.
         at worst    a restore loses 44 snapshots of default (SNAPSHOT), written over 9m 38s of virtual …
         also in     growth/grows-between-runs
         brings      outcome/restorable, outcome/no-loss, outcome/exit-status-true, cursor/never-skips
      4. cursor/from-closed-segment  (1 scenario, and behind another cause in 1 more)
         growth/grows-between-runs: cursor 60: segment 60 was the open one when run 1 asked node-1 at 202…
      5. log/recopied  (1 scenario)
         growth/grows-between-runs: it has the bytes of the last copy, and the listed file had others
      6. fault/error-is-failure  (1 scenario)
         fault/log-refused: it was answered with status 503, nothing made up for it, and the run ended wi…

      These follow, and go with their causes: outcome/exit-status-true (3), outcome/restorable (3),
      outcome/no-loss (3), cursor/never-skips (2), log/replaced (2), fault/recovers (1)

      client       node backup.mjs
      judged by    axon-backup-kit 0.0.0, the documented server, seed 1
      scenarios    3 fail
      judgements   27 fail, N inconclusive, N pass
      exit 1       a MUST rule failed

      start here   axon-backup-kit check --only growth/first-backup --seed 1 -- node backup.mjs
      "
    `);
  });

  test('an encrypted store that cannot be restored', async () => {
    const text = await consoleOf(builtClient('reference'), two, 'echo "gpg: no secret key" >&2; exit 2');
    expectCause(text, '--restore ended with 2: gpg: no secret key');
    expect(text).toMatchInlineSnapshot(`
      "
      What is wrong: 1 cause, in 2 of 2 scenarios

      1. outcome/restorable  (2 scenarios)
         Leave a backup from which a node starts, applies its log and rejoins its cluster.
         seen in     growth/first-backup, run 1: the restored backup of run 1, the store
         expected    a node starts from it, applies its log and rejoins the cluster
         actual      --restore ended with 2: gpg: no secret key
         what to do  See to this first. In these runs there was no backup to look into, so whatever else
                     fails in them follows from it, and is told last.
         at worst    a restore loses 234 events of default (EVENT), written over 10m 11s of virtual time
         also in     growth/grows-between-runs

      These follow, and go with their causes: control-db/returned-file (2), cursor/never-skips (2),
      log/all-groups (2), coverage/contexts (2), outcome/exit-status-true (2), outcome/no-loss (2), …

      Warnings, of SHOULD rules
        open-segment/included  (2 scenarios): no 00000000000000000060.events in the backup; after a resto…
        coverage/index-files  (2 scenarios): 6 of them are not in the backup: 00000000000000000000.bloom,…

      client       node backup.mjs
      judged by    axon-backup-kit 0.0.0, the documented server, seed 1
      scenarios    2 fail
      judgements   15 fail, N inconclusive, 4 warn, N pass
      exit 1       a MUST rule failed

      start here   axon-backup-kit check --only growth/first-backup --seed 1 -- node backup.mjs
      "
    `);
  });

  test('none, where it passes', async () => {
    const text = await consoleOf(builtClient('reference'));
    expectCause(text, 'exit 0');
    expect(text).toMatchInlineSnapshot(`
      "
      client       node backup.mjs
      judged by    axon-backup-kit 0.0.0, the documented server, seed 1
      scenarios    2 pass
      judgements   N pass
      proved       N rules proved in 2 scenarios; N judgements, 7 hazards reached; a restore loses
                   nothing
      exit 0       every MUST rule was judged and passed
      "
    `);
  });
});
