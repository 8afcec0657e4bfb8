import { explore, scheduleOf } from '/work/wt-explore/dist/conformance/explore/explore.js';
import { CommandDriver } from '/work/wt-explore/dist/conformance/driver/command-driver.js';
import { FunctionDriver } from '/work/wt-explore/dist/conformance/driver/function-driver.js';
import { scenarios } from '/work/wt-explore/dist/conformance/scenarios/catalog.js';
import * as fc from 'fast-check';
const [from, runs, version, ...argv] = process.argv.slice(2);
const driver = new CommandDriver({ argv, useShell: false, environment: process.env });
const t = Date.now();
const r = await explore({
  driver,
  fromSeed: Number(from),
  runs: Number(runs),
  hasTime: () => true,
  shard: { part: 1, parts: 1 },
  serverVersion: version,
  bail: 1000,
  jobs: 2,
  hazards: scenarios.flatMap((s) => s.hazards),
  mostShrinkingPlays: 150,
  onSchedules: (p) => console.error(p, ((Date.now() - t) / 1000).toFixed(1)),
});
for (const f of r.failures) {
  console.log('FAIL', f.seed, f.serverVersion, f.rule, f.stepsBefore, '->', f.scenario.steps.length, f.plays);
  console.log(JSON.stringify({ cluster: f.scenario.cluster, oddities: f.scenario.oddities, steps: f.scenario.steps }));
  for (const x of f.result.rules.filter((x) => x.status === 'fail'))
    console.log('   ', x.id, x.message, JSON.stringify(x.evidence?.[0]));
}
console.log('undecided', r.undecided.length, JSON.stringify(r.undecided.slice(0, 5)));
console.log(r.schedules, r.runs, (Date.now() - t) / 1000);
for (const h of r.coverage.hazards) console.log(String(h.schedules).padStart(5), h.id);
