import { describe, expect, test } from 'vitest';
import { runConformance } from '../../../conformance/check/run-conformance.ts';
import { FunctionDriver } from '../../../conformance/driver/function-driver.ts';
import type { Evidence } from '../../../conformance/journal/evidence.ts';
import { asPlayedOn } from '../../../conformance/scenarios/as-played.ts';
import { scenarios } from '../../../conformance/scenarios/catalog.ts';
import { reasonNotToPlay, reasonsNotToPlay } from '../../../conformance/scenarios/needs.ts';
import { behaviourOf, serverVersions, versionsOf, type ServerVersion } from '../../../server/index.ts';
import { parseJsonReport } from '../../../conformance/reporters/parse-json.ts';
import { formatJson } from '../../../conformance/reporters/json.ts';
import { formatVersions } from '../../../conformance/reporters/scenario-name.ts';
import type { Client } from '../../../fixtures/clients/steps/client.ts';
import { inProcess } from '../../support/reference-in-process.ts';

/** The reference client, but for `changes`, on one scenario. */
async function checked(only: readonly string[], serverVersion: ServerVersion, changes: Partial<Client> = {}) {
  const left: Evidence[] = [];
  const report = await runConformance({
    driver: new FunctionDriver(inProcess(changes)),
    edition: 'standard',
    serverVersion,
    only,
    jobs: 1,
    keepsFailures: false,
    onEvidence: (evidence) => left.push(evidence),
  });
  const rules = report.scenarios.flatMap((scenario) => scenario.rules);
  const broken = rules.filter(({ status }) => status === 'fail' || status === 'warn').map(({ id }) => id);
  return { report, rules, broken, evidence: left[0] };
}

describe('a check of the standard edition', () => {
  test('plays one node with the context default, and judges nothing that is about logs or groups', async () => {
    const { report, rules, evidence } = await checked(['growth/first-backup'], '4.6');
    expect(report.exitCode).toBe(0);
    expect([evidence?.contexts, evidence?.groups]).toEqual([['default'], []]);
    expect(evidence?.runs[0]?.restoration).toMatchObject({ problems: [], losses: [], groups: [], lostChanges: 0 });
    const unjudged = rules.filter(({ status }) => status === 'not-applicable');
    expect(unjudged.map(({ id }) => id).toSorted()).toEqual([
      'log/all-groups',
      'log/recopied',
      'log/replaced',
      'log/vanished-file',
      'order/control-db-first',
      'order/log-within-30-minutes',
      'order/same-node',
    ]);
    expect(new Set(unjudged.map(({ message }) => message))).toEqual(
      new Set(['this edition has no replication groups, and no log']),
    );
    expect(report.scenarios[0]?.repro).toContain("edition: 'standard'");
    expect(formatVersions(report)).toBe('server version 4.6, standard edition');
    const again = parseJsonReport(formatJson(report), 'report.json');
    expect(again.edition).toBe('standard');
  });

  test('strikes the POST where it is there, and cleans no log', async () => {
    const { report, evidence } = await checked(['fault/control-db-refused'], '2023.2');
    expect(report.exitCode).toBe(0);
    const struck = evidence?.runs.flatMap(({ requests }) => requests.filter(({ fault }) => fault !== null)) ?? [];
    expect(new Set(struck.map(({ path }) => path))).toEqual(new Set(['/createControlDbBackup']));
    expect(evidence?.events.some(({ kind }) => kind === 'log-cleaned')).toBe(false);
  });

  test('tells what a restore loses without any log: the open segment, and a closed one that was left out', async () => {
    const isOpen = (file: string): boolean => file.endsWith('00000000000000000000.events');
    const { broken } = await checked(['growth/first-backup'], '4.6', {
      chooseFiles: ({ files }) => files.filter((file) => !isOpen(file)),
    });
    expect(broken).toContain('outcome/no-loss');
    expect(broken).toContain('outcome/restorable');
  });

  test('4.2 names snapshots as if they were events: who copies those names has no snapshots, and who knows has', async () => {
    const known = await checked(['growth/grows-between-runs'], '4.2');
    expect(known.report.exitCode).toBe(0);
    const byName = await checked(['growth/grows-between-runs'], '4.2', { typesOf: () => ['EVENT'] });
    expect(byName.broken).toContain('coverage/snapshots');
  });

  /** On 4.2 a `.nindex` in a list of snapshots was taken for an index of theirs, and missed beside those of events. */
  test('finds what is listed with a suffix that nobody knows, whatever snapshots are named after', async () => {
    const reports = await Promise.all(
      versionsOf('standard').map((version) => checked(['listing/unknown-suffix'], version)),
    );
    expect(reports.map(({ broken }) => broken)).toEqual(reports.map(() => []));
  });
});

describe('what the standard edition cannot play', () => {
  test('is said of every scenario with several nodes, contexts, groups, or a log', () => {
    const unplayed = Object.fromEntries(
      scenarios.map((each) => [each.id, reasonNotToPlay(each, '4.6', { edition: 'standard' })]),
    );
    const start = 'the standard edition of 4.6';
    expect(unplayed).toMatchObject({
      'growth/first-backup': null,
      'coverage/several-contexts': `${start} has the context default alone, and no replication groups`,
      'order/other-node': `${start} is one node alone`,
      'fault/log-refused': `${start} has no replication log`,
      'log/compacted-between-runs': `${start} has no replication log`,
      'access/token-too-weak': `${start} asks nobody for a token at the POST`,
    });
    expect(Object.values(unplayed).filter((reason) => reason === null).length).toBeGreaterThan(25);
    const other = scenarios.find(({ id }) => id === 'order/other-node');
    expect(other === undefined ? [] : reasonsNotToPlay(other)).toEqual(['the standard edition is one node alone']);
  });

  test.each(serverVersions)('%s: the rest is of one node, and strikes no path that is not there', (version) => {
    const behaviour = behaviourOf(version, 'standard');
    const played = scenarios.filter((each) => reasonNotToPlay(each, version, { edition: 'standard' }) === null);
    for (const { cluster, steps } of played.map((each) => asPlayedOn(each, behaviour))) {
      expect([cluster.nodes].flat()).toHaveLength(1);
      const text = JSON.stringify(steps);
      expect(text).not.toMatch(/clean-log|node-2|log\/filenames|"\/v1\/backup\/createControlDbBackup/);
    }
  });

  test('changes nothing for a member of a cluster, but that it has the POST under two paths from 2024.2 on', () => {
    for (const version of serverVersions) {
      const behaviour = behaviourOf(version, 'enterprise');
      for (const scenario of scenarios) {
        const played = asPlayedOn(scenario, behaviour);
        if (!behaviour.hasRootControlDbPath) expect(played).toBe(scenario);
        const text = JSON.stringify(played.steps).replaceAll(
          '*/createControlDbBackup',
          '/v1/backup/createControlDbBackup',
        );
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(scenario.steps)));
      }
    }
  });
});
