import { describe, expect, test } from 'vitest';
import { runConformance } from '../../../conformance/check/run-conformance.ts';
import { playsOf, reasonToPlayNothing } from '../../../conformance/check/selection/versions.ts';
import { FunctionDriver } from '../../../conformance/driver/function-driver.ts';
import { scenarios } from '../../../conformance/scenarios/catalog.ts';
import { reasonsNotToPlay } from '../../../conformance/scenarios/needs.ts';
import type { Scenario } from '../../../conformance/scenarios/scenario.ts';
import { behaviours, contextNameOf, serverVersions, type ServerVersion } from '../../../server/index.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** A client that gives up at once: what it is judged by is of no interest here. */
const driver = new FunctionDriver(() => Promise.reject(new Error('no')));
const byGroup = 'coverage/group-named-otherwise';

describe('the versions of a check', () => {
  test('are one, or all of them in their order', () => {
    const [scenario] = scenarios;
    if (scenario === undefined) throw new Error('there are scenarios');
    expect(playsOf([scenario], '4.5')).toEqual([{ scenario, serverVersion: '4.5' }]);
    expect(playsOf([scenario], 'all').map(({ serverVersion }) => serverVersion)).toEqual(serverVersions);
  });

  test('can all be unable to play what is selected, or some of them', () => {
    const [unfit, ...others] = scenarios.toSorted((a, b) => Number(b.id === byGroup) - Number(a.id === byGroup));
    if (unfit === undefined) throw new Error('there are scenarios');
    expect(reasonToPlayNothing(playsOf([unfit], '4.2'))).toBe('4.2 has no replication groups apart from contexts');
    expect(reasonToPlayNothing(playsOf([unfit], 'all'))).toBeNull();
    expect(reasonToPlayNothing(playsOf([unfit, ...others], '4.2'))).toBeNull();
  });

  test.each(['3.1', '', '__proto__', 'ALL'])('"%s" is none of them, which is a mistake of the user', async (bad) => {
    const serverVersion = bad as ServerVersion;
    await expect(runConformance({ driver, serverVersion, only: [byGroup] })).rejects.toMatchObject({
      kind: 'bad-option',
      message: `there is no server version "${bad}"; there are ${serverVersions.join(', ')}, all`,
    });
  });
});

describe('a scenario that a version cannot play', () => {
  test('needs what its cluster has: groups that no context is named like, or members that are SECONDARY', () => {
    const hasOwnGroups = ({ cluster }: Scenario): boolean =>
      (cluster.groups ?? []).some(
        ({ name, contexts = [], members = [] }) =>
          contexts.some((context) => contextNameOf(context) !== name) ||
          members.some(({ role }) => role === 'SECONDARY'),
      );
    const without = serverVersions.filter((version) => !behaviours[version].hasReplicationGroups);
    for (const scenario of scenarios.filter(hasOwnGroups)) {
      const reasons = reasonsNotToPlay(scenario);
      for (const version of without) {
        expect(reasons).toContain(`${version} has no replication groups apart from contexts`);
      }
    }
  });

  test('is not run: nothing of it applies, is missed, or counts as passed', async () => {
    const report = await runConformance({ driver, serverVersion: '4.2', only: [byGroup], outDir: temporaryFolder() });
    expect(report).toMatchObject({ exitCode: 2, serverVersion: '4.2', summary: { pass: 0, inconclusive: 0, fail: 0 } });
    const reason = '4.2 has no replication groups apart from contexts';
    expect(report.scenarios).toMatchObject([
      { id: byGroup, status: 'not-applicable', message: reason, hazards: [], runs: [], artefacts: null },
    ]);
    const rules = report.scenarios.flatMap((scenario) => scenario.rules);
    expect(rules.map(({ id }) => id).toSorted()).toEqual(scenarios.find(({ id }) => id === byGroup)?.rules.toSorted());
    expect(new Set(rules.map(({ status, message }) => `${status}: ${message}`))).toEqual(
      new Set([`not-applicable: ${reason}`]),
    );
    expect(report.summary.notApplicable).toBe(rules.length);
  });
});

describe('a check with all versions', () => {
  test('has the results version by version in reading order, and begins and ends each of them once', async () => {
    const only = ['growth/first-backup', byGroup];
    const begun: string[] = [];
    const ended: string[] = [];
    const folder = temporaryFolder();
    const report = await runConformance({
      driver,
      only,
      serverVersion: 'all',
      outDir: folder,
      onStart: ({ id, serverVersion }) => begun.push(`${serverVersion} ${id}`),
      onResult: ({ id, serverVersion }, journal) => {
        ended.push(`${serverVersion} ${id}`);
        if (journal !== null) expect(journal).toMatchObject({ scenario: id, serverVersion });
      },
    });
    const wanted = serverVersions.flatMap((version) => only.map((id) => `${version} ${id}`));
    expect(report.scenarios.map(({ id, serverVersion }) => `${serverVersion} ${id}`)).toEqual(wanted);
    expect(begun.toSorted()).toEqual(wanted.toSorted());
    expect(ended.toSorted()).toEqual(wanted.toSorted());
    expect(report.serverVersion).toBe('all');
    const folders = report.scenarios.flatMap(({ artefacts }) => artefacts?.folder.slice(folder.length + 1) ?? []);
    expect(folders).toHaveLength(wanted.length - 1);
    expect(folders[0]).toBe('documented/growth.first-backup');
    const requested = report.rules.find(({ id }) => id === 'control-db/requested');
    expect(requested?.versions.map(({ version }) => version)).toEqual(serverVersions);
    expect(requested?.scenarios).toEqual(only);
  });

  test('says in each command which version it repeats, but for the documented one', async () => {
    const report = await runConformance({
      driver,
      only: ['growth/first-backup'],
      serverVersion: 'all',
      keepsFailures: false,
    });
    expect(report.scenarios.map(({ repro }) => repro)).toEqual([
      "runConformance({ client, only: ['growth/first-backup'], seed: 1 })",
      ...serverVersions
        .slice(1)
        .map(
          (version) =>
            `runConformance({ client, only: ['growth/first-backup'], seed: 1, serverVersion: '${version}' })`,
        ),
    ]);
  });
});
