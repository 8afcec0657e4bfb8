import * as fs from 'node:fs';
import path from 'node:path';
import { startSimulator, type ClusterEvent, type Simulator } from '../../server/index.ts';
import type { ClientDriver } from '../driver/client-driver.ts';
import type { Evidence, RunRecord } from '../journal/evidence.ts';
import { Recorder } from '../journal/recorder.ts';
import { ServerFiles } from '../journal/server-files.ts';
import { SourceWatch } from '../journal/source-watch.ts';
import { findToken } from '../journal/token-sightings.ts';
import { isHalfWritten } from '../oracle/half-written.ts';
import type { Scenario, Step } from '../scenarios/scenario.ts';
import { BackupUnderTest } from './backup-under-test.ts';
import { absentContextsIn, logPositionsIn, namesIn } from './cluster-facts.ts';
import { performAction } from './perform-action.ts';
import { reshapeListing } from './reshape-listing.ts';

export interface ScenarioRunOptions {
  readonly scenario: Scenario;
  readonly driver: ClientDriver;
  readonly seed: number;
  readonly serverVersion: 'documented';
  /** Real milliseconds that one run of the client may take. */
  readonly timeoutMs: number;
  readonly capabilities: readonly string[];
  /** An empty folder for the cluster, the backup and the client's state. */
  readonly folder: string;
  /** Turns a store that needs its own tool into plain files; null where the folder is read as it is. */
  readonly unpack: ((backupDir: string, restoreDir: string) => Promise<void>) | null;
  readonly realTimeMs: () => number;
}

/** What one scenario has left, and what it took. */
export interface ScenarioRun {
  readonly evidence: Evidence;
  /** Real milliseconds of the client's processes alone. */
  readonly clientMs: number;
}

/** A cluster, a client, and what passes between them. */
export class Stage {
  readonly #options: ScenarioRunOptions;
  readonly #simulator: Simulator;
  readonly #recorder: Recorder;
  readonly #watch: SourceWatch;
  readonly #events: ClusterEvent[];
  readonly #runs: RunRecord[] = [];
  readonly #backup: BackupUnderTest;
  #kill = new AbortController();
  #clientMs = 0;

  static async open(options: ScenarioRunOptions): Promise<Stage> {
    const { scenario, seed, serverVersion, folder } = options;
    const events: ClusterEvent[] = [];
    const clusterDir = path.join(folder, 'cluster');
    const serverFiles = new ServerFiles(clusterDir);
    let stage: Stage | null = null;
    let turn = 0;
    const recorder = new Recorder({
      scenario,
      perform: async ({ happens }) => {
        for (const action of happens) await stage?.take(action);
      },
      reshape: (exchange) => reshapeListing(exchange, scenario, turn++),
      isHalfWritten,
      serverFiles,
    });
    const simulator = await startSimulator(
      {
        port: 0,
        speed: 0,
        seed,
        serverVersion,
        rate: 1,
        ...scenario.cluster,
        dataDir: clusterDir,
      },
      recorder,
    );
    simulator.onEvent((event) => events.push(serverFiles.nameIn(event)));
    recorder.attach(simulator);
    stage = new Stage(options, simulator, recorder, new SourceWatch(simulator.nodes, serverFiles), events);
    return stage;
  }

  private constructor(
    options: ScenarioRunOptions,
    simulator: Simulator,
    recorder: Recorder,
    watch: SourceWatch,
    events: ClusterEvent[],
  ) {
    this.#options = options;
    this.#simulator = simulator;
    this.#recorder = recorder;
    this.#events = events;
    this.#watch = watch;
    this.#backup = new BackupUnderTest({ ...options, simulator });
    fs.mkdirSync(path.join(options.folder, 'state'));
  }

  /** A client that hangs would hang again: nothing more can be learnt of it here. */
  get isOver(): boolean {
    return this.#runs.at(-1)?.result.hasTimedOut === true;
  }

  async take(step: Step): Promise<void> {
    if (step.kind === 'run') await this.#runClient(step);
    else await performAction(step, this.#simulator, () => this.#kill.abort());
  }

  finish(): ScenarioRun {
    const { scenario, capabilities } = this.#options;
    const evidence: Evidence = {
      ...namesIn(this.#simulator),
      absentContexts: absentContextsIn(this.#simulator),
      secrets: this.#secrets,
      hasAccessControl: scenario.cluster.token !== undefined,
      capabilities,
      runs: this.#runs,
      // A copy: that the nodes are stopped in the end is no event of the scenario.
      events: [...this.#events],
      samples: this.#recorder.samples,
    };
    return { evidence, clientMs: this.#clientMs };
  }

  async close(): Promise<void> {
    await this.#simulator.close();
  }

  /** The tokens that the cluster knows, and the wrong ones that the client is given. */
  get #secrets(): readonly string[] {
    const { cluster, steps } = this.#options.scenario;
    const given = steps.flatMap((step) => (step.kind === 'run' && step.token !== undefined ? [step.token] : []));
    const known = [cluster.token ?? [], (cluster.tokens ?? []).map(({ token }) => token)].flat();
    return [...new Set([...known, ...given])];
  }

  async #runClient(step: Extract<Step, { kind: 'run' }>): Promise<void> {
    const { driver, folder, timeoutMs, realTimeMs, scenario } = this.#options;
    const run = this.#runs.length + 1;
    const node = this.#simulator.nodes.find(({ name }) => name === (step.node ?? 'node-1'));
    if (node === undefined) throw new Error(`${scenario.id} names a node that is not there: ${step.node}`);
    const token = scenario.cluster.token === undefined ? null : (step.token ?? scenario.cluster.token);
    this.#kill = new AbortController();
    this.#watch.begin();
    const eventsBefore = this.#events.length;
    const startMs = this.#simulator.clock.nowMs;
    const logPositions = logPositionsIn(this.#simulator);
    this.#recorder.startRun(run, step.surprises ?? []);
    const realStartMs = realTimeMs();
    const result = await driver.run({
      run,
      url: node.url,
      nodes: this.#simulator.nodes,
      ...namesIn(this.#simulator),
      token,
      backupDir: this.#backup.folder,
      stateDir: path.join(folder, 'state'),
      timeoutMs,
      kill: this.#kill.signal,
    });
    this.#clientMs += realTimeMs() - realStartMs;
    const { requests, halfWritten } = await this.#recorder.endRun();
    const before = this.#backup.inventory;
    const posted = requests.findLast(({ answer }) => answer.kind === 'control-db-backup');
    const { after, restoration } = await this.#backup.assess(run, result.exitCode === 0, {
      beforeMs: posted?.atMs ?? startMs,
      nodeName: posted?.node ?? node.name,
    });
    this.#runs.push({
      run,
      node: node.name,
      startMs,
      endMs: this.#simulator.clock.nowMs,
      result,
      wasKilled: this.#kill.signal.aborted,
      requests,
      logPositions,
      halfWritten,
      before,
      after,
      sourceDamage: this.#watch.damage(this.#events.slice(eventsBefore)),
      tokenSightings: token === null ? [] : findToken(token, result, after),
      restoration,
    });
  }
}
