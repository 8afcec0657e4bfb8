import { describe, expect, test } from 'vitest';
import { scheduleOf } from '../../../conformance/explore/explore.ts';
import { LONGEST_IN_RUN_MS } from '../../../conformance/explore/commotion.ts';
import { rules } from '../../../conformance/rules/catalog.ts';
import { scenarios } from '../../../conformance/scenarios/catalog.ts';
import { describeScenario } from '../../../conformance/scenarios/described-scenario.ts';
import { parseScenarioFile } from '../../../conformance/scenarios/scenario-file.ts';
import type { Scenario, Step } from '../../../conformance/scenarios/scenario.ts';
import { asPlayedOn } from '../../../conformance/scenarios/as-played.ts';
import { reasonNotToPlay } from '../../../conformance/scenarios/needs.ts';
import {
  behaviourOf,
  dcbContextsIn,
  serverVersions,
  versionsOf,
  type Fault,
  type ServerVersion,
} from '../../../server/index.ts';
import { parseDuration } from '../../../server/quantities.ts';

const seeds = Array.from({ length: 60 }, (_, place) => place + 1);
const schedules = serverVersions.flatMap((serverVersion) => seeds.map((seed) => scheduleOf(seed, { serverVersion })));
const there = { rules: rules.map(({ id }) => id), hazards: scenarios.flatMap(({ hazards }) => hazards) };

function runsOf({ steps }: Scenario): Array<Extract<Step, { kind: 'run' }>> {
  return steps.flatMap((step) => (step.kind === 'run' ? [step] : []));
}

/** Everything that happens, in the order in which it can. */
function happeningsOf({ steps }: Scenario): string[] {
  return steps.flatMap((step) =>
    step.kind === 'run'
      ? (step.surprises ?? []).flatMap(({ happens }) => happens.map(({ kind }) => kind))
      : [step.kind],
  );
}

/** Of all faults that are planned before runs and between them. */
function rulesOf({ steps }: Scenario): readonly Fault[] {
  return steps.flatMap((step) => (step.kind === 'plan-faults' ? step.rules : []));
}

describe('a schedule', () => {
  test('is the same for the same seed, and another for another', () => {
    const again = seeds.map((seed) => scheduleOf(seed, { serverVersion: 'documented' }));
    expect(again).toEqual(seeds.map((seed) => scheduleOf(seed, { serverVersion: 'documented' })));
    expect(new Set(again.map(({ steps }) => JSON.stringify(steps))).size).toBeGreaterThan(seeds.length * 0.9);
  });

  test('is a scenario that a file can have, of any version', () => {
    for (const schedule of schedules.filter((_, place) => place % 5 === 0)) {
      const text = JSON.stringify(describeScenario(schedule));
      expect(parseScenarioFile(text, 'f.json', there)).toEqual({ ...schedule, needs: [] });
    }
  });

  test('ends in a run in calm weather', () => {
    for (const { steps } of schedules) {
      expect(steps.at(-1)).toEqual({ kind: 'run' });
      expect(steps.at(-2)).toEqual({ kind: 'advance', by: '5m' });
    }
  });

  test('writes no transaction that its segments cannot hold', () => {
    const narrow = schedules.filter(({ cluster: { segmentSizeBytes = 0 } }) => segmentSizeBytes <= 512);
    expect(narrow.length).toBeGreaterThan(0);
    const written = narrow.flatMap((schedule) =>
      [
        ...schedule.steps,
        ...runsOf(schedule).flatMap(({ surprises = [] }) => surprises.flatMap((each) => each.happens)),
      ].flatMap((each) => (each.kind === 'append' ? [each.eventsPerTransaction ?? 1] : [])),
    );
    expect(new Set(written)).toEqual(new Set([1]));
  });

  test('adds less time to a run than a client could go without noticing', () => {
    for (const schedule of schedules) {
      for (const { surprises = [] } of runsOf(schedule)) {
        const jumps = surprises.flatMap(({ happens }) =>
          happens.flatMap((each) => (each.kind === 'advance' ? [parseDuration(each.by)] : [])),
        );
        expect(jumps.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(LONGEST_IN_RUN_MS);
      }
    }
  });

  test('has one node down at a time, and never a run on that', () => {
    for (const schedule of schedules) {
      let down: string | null = null;
      for (const step of schedule.steps) {
        if (step.kind === 'run') expect(step.node ?? 'node-1').not.toBe(down);
        const all = step.kind === 'run' ? (step.surprises ?? []).flatMap(({ happens }) => happens) : [step];
        for (const each of all) {
          if (each.kind === 'stop' || each.kind === 'crash') {
            // In the midst of a run the same may come twice, in either order: the second finds it done.
            expect([null, each.node]).toContain(down);
            down = each.node;
          } else if (each.kind === 'start') down = null;
        }
      }
    }
  });

  /** The server reads a segment to write it anew: one that was hidden before made a step that no cluster can do. */
  test('transforms nothing while a segment is out of reach', () => {
    let both = 0;
    for (const seed of Array.from({ length: 3000 }, (_, place) => place + 1)) {
      let isHidden = false;
      for (const step of scheduleOf(seed, { serverVersion: '2023.2' }).steps) {
        const inRun = step.kind === 'run' ? (step.surprises ?? []).flatMap(({ happens }) => happens) : [];
        isHidden ||= inRun.some(({ kind }) => kind === 'hide-segment');
        if (!isHidden) continue;
        both++;
        const kinds = [step, ...inRun].map(({ kind }) => kind);
        expect(kinds).not.toEqual(expect.arrayContaining(['transform']));
        if (step.kind === 'show-segments') isHidden = false;
      }
    }
    expect(both).toBeGreaterThan(100);
  });

  /** Of 300 schedules none had a log cleaned on the node of the run, between its listing and its copy. */
  test('cleans a log in the midst of a run where that hurts: on its node, when that log has just been listed', () => {
    const cleaned = schedules.flatMap((schedule) =>
      runsOf(schedule).flatMap(({ node = 'node-1', surprises = [] }) =>
        surprises.flatMap(({ at, happens }) =>
          happens.flatMap((each) => (each.kind === 'clean-log' ? [{ node, at, each }] : [])),
        ),
      ),
    );
    expect(cleaned.filter(({ node, each }) => each.node !== node)).toEqual([]);
    const first = cleaned.filter(({ at, each }) => at.when === 'is-answered' && at.query?.['context'] === each.group);
    expect(first.length).toBeGreaterThan(cleaned.length / 10);
  });

  /**
   * Two of 13,000 schedules failed a correct client: 60 transactions were written behind the POST of a young cluster, and its
   * log was cleaned of them before it was listed. No zip counted them as applied, and no client could know.
   */
  test('cleans a log in the midst of a run of nothing that the zip of that run may not count as applied', () => {
    let cleanings = 0;
    for (const seed of Array.from({ length: 1500 }, (_, place) => place + 1)) {
      let stalled: string | null = null;
      for (const step of scheduleOf(seed, { serverVersion: '2023.2' }).steps) {
        if (step.kind === 'stall-apply') stalled = step.for === '0s' ? null : step.node;
        const inRun = step.kind === 'run' ? (step.surprises ?? []).flatMap(({ happens }) => happens) : [];
        const addedMs = inRun.reduce((sum, each) => sum + (each.kind === 'advance' ? parseDuration(each.by) : 0), 0);
        stalled = inRun.reduce((node, each) => (each.kind === 'stall-apply' ? each.node : node), stalled);
        for (const each of inRun) {
          if (each.kind !== 'clean-log') continue;
          cleanings++;
          expect(parseDuration(each.olderThan ?? '0s')).toBeGreaterThan(addedMs);
          expect(each.node).not.toBe(stalled);
        }
      }
    }
    expect(cleanings).toBeGreaterThan(50);
  });

  /** What is listed and gone was drawn of logs alone: two rules wronged whoever lists again, and the soak could not see it. */
  test('compacts a store in the midst of a run that has just been told of it, and has something to compact', () => {
    const of = Array.from({ length: 1500 }, (_, place) => scheduleOf(place + 1, { serverVersion: '2023.2' }));
    const compacting = of.flatMap((schedule) =>
      runsOf(schedule).flatMap(({ surprises = [] }) =>
        surprises.filter(({ happens }) => happens.some(({ kind }) => kind === 'compact')),
      ),
    );
    const hurting = compacting.filter(({ at, happens }) => {
      const isTold = at.when === 'is-answered' && at.query?.['type'] !== undefined;
      return isTold && happens.some(({ kind }) => kind === 'transform');
    });
    expect(hurting.length).toBeGreaterThan(15);
  });

  test('of the standard edition is one that its server can play', () => {
    for (const serverVersion of versionsOf('standard')) {
      const behaviour = behaviourOf(serverVersion, 'standard');
      const of = seeds.map((seed) => scheduleOf(seed, { serverVersion, edition: 'standard' }));
      const reasons = of.map((each) =>
        reasonNotToPlay(asPlayedOn(each, behaviour), serverVersion, { edition: 'standard' }),
      );
      expect(reasons.filter((reason) => reason !== null)).toEqual([]);
      expect(new Set(of.map(({ steps }) => JSON.stringify(steps))).size).toBeGreaterThan(seeds.length * 0.9);
    }
  });

  test('comes upon temporary files on another file system, and contexts whose backups the server writes, old and new', () => {
    const of = (serverVersion: ServerVersion): Scenario[] =>
      Array.from({ length: 300 }, (_, place) => scheduleOf(place + 1, { serverVersion }));
    expect(of('documented').filter(({ tmpdir }) => tmpdir !== undefined).length).toBeGreaterThan(5);
    const newest = of('2026.0');
    expect(newest.filter(({ cluster }) => dcbContextsIn(cluster.groups).length > 0).length).toBeGreaterThan(10);
    expect(newest.filter((each) => happeningsOf(each).includes('migrate-to-dcb')).length).toBeGreaterThan(5);
  });

  test('has any of its kinds of clusters behind a token, or below a path, those with pushes among them', () => {
    const of = Array.from({ length: 600 }, (_, place) => scheduleOf(place + 1, { serverVersion: '2026.0' }));
    const pushing = of.filter(({ cluster }) => dcbContextsIn(cluster.groups).length > 0);
    for (const some of [of, pushing]) {
      expect(some.filter(({ cluster }) => cluster.token !== undefined).length).toBeGreaterThan(some.length / 12);
      expect(some.filter(({ cluster }) => cluster.contextPath !== undefined).length).toBeGreaterThan(some.length / 12);
    }
    expect(pushing.filter(({ cluster }) => dcbContextsIn(cluster.groups).length > 1).length).toBeGreaterThan(20);
  });

  test('has trouble with pushes, FAILED among it, where there are pushes alone', () => {
    const of = Array.from({ length: 600 }, (_, place) => scheduleOf(place + 1, { serverVersion: '2026.0' }));
    const struck = of.map((schedule) => ({
      hasPushes: 'groups' in schedule.cluster && schedule.pace?.requestMs === 500,
      rules: rulesOf(schedule).filter(({ match }) => match.path?.startsWith('/v2/backup')),
    }));
    expect(struck.filter(({ hasPushes, rules: each }) => !hasPushes && each.length > 0)).toEqual([]);
    const bodies = struck.flatMap(({ rules: each }) => each.map((rule) => rule.do.body));
    expect(bodies.filter((body) => body?.includes('FAILED')).length).toBeGreaterThan(5);
    expect(bodies.filter((body) => body?.includes('FINISHED'))).toEqual([]);
  });

  /* Three spellings of a type made three rules, and the server matches any: what was to strike once struck three times. */
  test('strikes as often as it says, and has logs that are not found', () => {
    const rulesIn = schedules.flatMap((schedule) =>
      rulesOf(schedule).filter(({ match }) => match.path !== '/v2/backup'),
    );
    const types = rulesIn.flatMap(({ match }) => match.query?.['type'] ?? []);
    expect(new Set(types)).toEqual(new Set(['EVENT', 'SNAPSHOT']));
    const notFound = rulesIn.filter((rule) => rule.do.status === 404);
    expect(new Set(notFound.map(({ match }) => match.path))).toEqual(new Set(['/v1/backup/log/filenames']));
  });

  test('has trouble on the node of a run alone, while another one is behind', () => {
    const ofOneNode = schedules.flatMap((schedule) =>
      schedule.steps.flatMap((step, place) => {
        if (step.kind !== 'run') return [];
        const before = schedule.steps[place - 1];
        const on = before?.kind === 'plan-faults' ? before.rules.flatMap(({ match }) => match.node ?? []) : [];
        return on.length === 0 ? [] : [{ on: new Set(on), run: step.node ?? 'node-1', schedule }];
      }),
    );
    expect(ofOneNode.filter(({ on, run }) => on.size !== 1 || !on.has(run))).toEqual([]);
    const isBehind = ({ schedule }: (typeof ofOneNode)[number]): boolean =>
      happeningsOf(schedule).includes('delay-replication');
    expect(ofOneNode.filter(isBehind).length).toBeGreaterThan(10);
  });

  test('asks clients to end as well as it kills them, and has a node go down while it writes a backup', () => {
    const of = Array.from({ length: 600 }, (_, place) => scheduleOf(place + 1, { serverVersion: '2026.0' }));
    const surprises = of.flatMap((each) => runsOf(each).flatMap((run) => run.surprises ?? []));
    const kills = surprises.flatMap(({ happens }) =>
      happens.flatMap((each) => (each.kind === 'kill-client' ? [each.signal] : [])),
    );
    for (const signal of [undefined, 'SIGTERM'])
      expect(kills.filter((each) => each === signal).length).toBeGreaterThan(20);
    const breaksOff = surprises.filter(
      ({ at, happens }) => at.path === '/v2/backup' && happens.some(({ kind }) => kind === 'crash'),
    );
    expect(breaksOff.length).toBeGreaterThan(10);
  });

  test('has a zip in no mount, and names with /./ behind the root, where the server names its files otherwise alone', () => {
    const of = (serverRoot: { serverRoot?: string }): Scenario[] =>
      seeds.map((seed) => scheduleOf(seed, { serverVersion: '2023.2', ...serverRoot }));
    const unmounted = (each: Scenario): boolean => runsOf(each).some((run) => run.unmounted?.includes('zip') === true);
    const isOdd = ({ oddities = [] }: Scenario): boolean => oddities.includes('dot-behind-root');
    expect(of({}).filter((each) => unmounted(each) || isOdd(each))).toEqual([]);
    const mapped = of({ serverRoot: '/axonserver' });
    expect(mapped.filter(unmounted).length).toBeGreaterThan(5);
    expect(mapped.filter(isOdd).length).toBeGreaterThan(1);
    expect(mapped.filter(({ steps }) => steps.at(-1)?.kind !== 'run' || 'unmounted' in (steps.at(-1) ?? {}))).toEqual(
      [],
    );
  });

  test('comes upon every kind of thing that can happen', () => {
    const kinds = new Set(schedules.flatMap(happeningsOf));
    expect([...kinds].toSorted()).toEqual([
      'advance',
      'append',
      'clean-log',
      'clear-faults',
      'compact',
      'crash',
      'delay-replication',
      'hide-segment',
      'kill-client',
      'migrate-to-dcb',
      'plan-faults',
      'roll',
      'run-beside',
      'show-segments',
      'stall-apply',
      'start',
      'stop',
      'transform',
    ]);
  });
});
