import { describe, expect, test } from 'vitest';
import { explainRule, explainScenario } from '../../../conformance/reporters/explain-text.ts';
import { formatRulesPage } from '../../../conformance/reporters/rules-page.ts';
import { describeCluster, describeStep } from '../../../conformance/reporters/step-text.ts';
import type { Scenario } from '../../../conformance/scenarios/scenario.ts';
import { buildHazard, buildRule, buildScenario } from '../../support/report.ts';

const mutants = [
  {
    id: 'log-before-post',
    defect: 'copies the log before it asks for the control database',
    killedBy: 'order/control-db-first',
  },
  { id: 'no-log', defect: 'copies no log', killedBy: 'log/all-groups' },
  { id: 'full-copy', defect: 'odd but legal', killedBy: null },
];

describe('an explained rule', () => {
  test('tells all about it, and names only who belongs to it', () => {
    const scenarios = [buildScenario(), buildScenario({ id: 'growth/quiet', rules: [] })];
    expect(explainRule(buildRule({ waivedBy: ['no-open-segment'] }), { scenarios, mutants })).toMatchInlineSnapshot(`
      "order/control-db-first  (must)
        Create the control database backup before copying any log segment.

        why         The control database holds the commit index. Log segments copied before it can lack
                    what it counts as committed.
        source      Reference guide, Backups, Log Entry Segments
        what to do  Send \`POST /v1/backup/createControlDbBackup\` first, and wait for its answer.
        waived by   --capabilities no-open-segment

        Goes well
          POST createControlDbBackup
          GET  log/filenames

        Goes wrong
          GET  log/filenames
          POST createControlDbBackup   <- too late

        Judged in
          log/cleaned-between-runs  the log is cleaned between two runs

        Must kill
          log-before-post  copies the log before it asks for the control database
      "
    `);
  });

  test('says so where nobody judges or proves it', () => {
    const text = explainRule(buildRule(), { scenarios: [], mutants: [] });
    expect(text).toContain('Judged in\n    wherever its situation arises');
    expect(text).toContain('Must kill\n    no mutant yet');
  });

  test('its timelines keep their shape, but not the margin of the source', () => {
    const timelines = { good: '\n      a\n        b\n\n      c\n    ', bad: '' };
    expect(explainRule(buildRule({ timelines }), { scenarios: [], mutants: [] })).toContain(
      'Goes well\n    a\n      b\n\n    c\n',
    );
  });
});

describe('an explained scenario', () => {
  test('tells what happens step by step, and keeps tokens to itself', () => {
    const text = explainScenario(
      buildScenario({
        cluster: { nodes: 1, contexts: ['default', 'orders'], rate: 2, segmentSizeBytes: 8192, token: 'secret-1' },
        oddities: ['two-spellings'],
        pace: { requestMs: 500, copiedBytesPerSecond: 1024 },
        steps: [
          { kind: 'append', transactions: 60 },
          {
            kind: 'run',
            node: 'node-2',
            token: 'secret-2',
            surprises: [
              {
                at: { path: '/v1/backup/log/filenames', query: { context: 'default' }, nth: 2, when: 'is-answered' },
                happens: [{ kind: 'crash', node: 'node-1' }, { kind: 'kill-client' }],
              },
            ],
          },
        ],
        hazards: [buildHazard()],
      }),
    );
    expect(text).not.toContain('secret');
    expect(text).toMatchInlineSnapshot(`
      "log/cleaned-between-runs  (scenario)
        the log is cleaned between two runs

        Log files of the first run are gone in the second. A client that adds to its old copy keeps what
        is stale.

        Cluster
          1 node
          contexts default, orders
          2 transactions a virtual second
          event segments of 8 KiB
          access control is on
          odd listings: two spellings
          a request takes 500 ms
          the client copies 1 KiB a virtual second

        Steps
          60 transactions to the events of default
          the client runs against node-2, with a token of its own
            after the 2nd /v1/backup/log/filenames?context=default is answered: node-1 crashes, then the client is killed

        Not played
          the standard edition has the context default alone, and no replication groups

        Must reach
          log-cleaned-between-runs  log files of the last run are gone in the next

        Must judge
          order/control-db-first

        play it with  axon-backup-kit check --only log/cleaned-between-runs -- CMD
      "
    `);
  });

  test('every kind of step has its words', () => {
    const steps = [
      { kind: 'advance', by: '31m' },
      {
        kind: 'append',
        transactions: 1,
        eventsPerTransaction: 3,
        payloadBytes: 10,
        context: 'orders',
        type: 'SNAPSHOT',
      },
      { kind: 'roll' },
      { kind: 'clean-log', node: 'node-1', group: 'default', olderThan: '0s' },
      { kind: 'stop', node: 'node-1' },
      { kind: 'start', node: 'node-1' },
      {
        kind: 'plan-faults',
        rules: [{ match: { method: 'POST', path: '/x', nth: 3, node: 'node-1' }, do: { reset: true }, times: 0 }],
      },
      { kind: 'plan-faults', rules: [{ match: {}, do: { delay: '5s', status: 503 }, times: 2 }] },
      { kind: 'clear-faults' },
      {
        kind: 'run',
        surprises: [
          {
            at: { method: 'POST', path: '/x', when: 'arrives' },
            happens: [{ kind: 'advance', by: '1s' }, { kind: 'run-beside' }],
          },
        ],
      },
    ] as const;
    expect(steps.flatMap(describeStep).join('\n')).toMatchInlineSnapshot(`
      "virtual time moves on by 31m
      1 transaction of 3 events with 10 bytes each to the snapshots of orders
      the open segment of the events of default closes
      node-1 cleans the log of default, files older than 0s
      node-1 stops
      node-1 starts
      fault on POST /x of node-1 from the 3rd on: reset, until faults end
      fault on *: delay 5s, status 503, 2 times
      faults end
      the client runs
        before POST /x is answered: virtual time moves on by 1s, then another run of the client begins and ends, on the same folders"
    `);
  });
});

test('a cluster is told by what is particular about it, without its tokens', () => {
  const cluster: Scenario['cluster'] = {
    nodes: 4,
    groups: [
      { name: 'retail', contexts: ['orders', 'billing'] },
      { name: '_admin', members: [{ node: 'node-1' }, { node: 'node-2', role: 'PASSIVE_BACKUP' }] },
    ],
    token: 'secret',
    tokens: [
      { token: 'secret too', roles: [{ context: '_admin', role: 'USE_CONTEXT' }] },
      { token: 'as secret', roles: [] },
    ],
  };
  expect(describeCluster({ ...buildScenario(), cluster }).join('\n')).toMatchInlineSnapshot(`
    "4 nodes
    group retail holds orders, billing
    group _admin, on node-1, node-2 (PASSIVE_BACKUP)
    access control is on
    a token that is USE_CONTEXT in _admin
    a token that is good for nothing"
  `);
});

describe('the page of rules', () => {
  test('has a table to jump from, and a section for each rule', () => {
    expect(formatRulesPage([buildRule()], [buildScenario()], mutants)).toMatchInlineSnapshot(`
      "# Rules and scenarios

      <!-- Generated from the rules, scenarios, hazards and mutants themselves. Do not edit: change those, and \`npm run docs\`. -->

      What a backup client has to do, in 1 rule, and the 1 scenario in which it is judged. Ids are stable and never
      used again. A MUST rule that fails fails the check; a SHOULD rule that fails is a warning. A rule is judged in the scenarios
      that it names, and wherever else its situation arises. Its mutants are clients with that one defect; each of them has to die
      by the rule. \`axon-backup-kit explain ID\` shows the same in a terminal.

      [Rules](#rules) · [Scenarios](#scenarios) · [Hazards](#hazards)

      ## Rules

      | rule | level | demands | scenarios | mutants |
      | --- | --- | --- | --- | --- |
      | [\`order/control-db-first\`](#ordercontrol-db-first) | must | Create the control database backup before copying any log segment. | 1 | 1 |

      ### order/control-db-first

      **MUST**: Create the control database backup before copying any log segment.

      The control database holds the commit index. Log segments copied before it can lack what it counts as committed.

      - Source: Reference guide, Backups, Log Entry Segments
      - What to do: Send \`POST /v1/backup/createControlDbBackup\` first, and wait for its answer.

      Goes well:

      \`\`\`text
      POST createControlDbBackup
      GET  log/filenames
      \`\`\`

      Goes wrong:

      \`\`\`text
      GET  log/filenames
      POST createControlDbBackup   <- too late
      \`\`\`

      Judged in:

      - [\`log/cleaned-between-runs\`](#scenario-logcleaned-between-runs): the log is cleaned between two runs

      Must kill:

      - \`log-before-post\`: copies the log before it asks for the control database

      ## Scenarios

      | scenario | situation | runs | hazards | rules |
      | --- | --- | --- | --- | --- |
      | [\`log/cleaned-between-runs\`](#scenario-logcleaned-between-runs) | the log is cleaned between two runs | 2 | 1 | 1 |

      ### Scenario log/cleaned-between-runs

      **the log is cleaned between two runs**: Log files of the first run are gone in the second. A client that adds to its old copy keeps what is stale.

      \`\`\`text
      60 transactions to the events of default
      the client runs
      virtual time moves on by 3h
      the client runs
      \`\`\`

      - Must reach: \`log-cleaned-between-runs\` (log files of the last run are gone in the next)
      - Must judge: [\`order/control-db-first\`](#ordercontrol-db-first)

      ## Hazards

      | hazard | what it is | reached in |
      | --- | --- | --- |
      | \`log-cleaned-between-runs\` | log files of the last run are gone in the next | [\`log/cleaned-between-runs\`](#scenario-logcleaned-between-runs) |
      "
    `);
  });

  test('pipes, stars and tags of a text are text', () => {
    const page = formatRulesPage([buildRule({ requirement: 'Copy <20 digits>_* or `a|b` | c.' })], [], []);
    expect(page).toContain(String.raw`| Copy &lt;20 digits&gt;\_\* or ${'`'}a\|b${'`'} \| c. |`);
    expect(page).toContain(String.raw`**MUST**: Copy &lt;20 digits&gt;\_\* or ${'`'}a|b${'`'} \| c.`);
    expect(page).toContain('Judged in: nothing yet.');
  });
});
