import * as fs from 'node:fs';
import path from 'node:path';
import { startSimulator, type ClusterEvent, type ClusterState, type Simulator } from '../../server/index.ts';
import { parseDuration } from '../../server/quantities.ts';
import type { ClientDriver } from '../driver/client-driver.ts';
import type { Evidence, LogPosition, RunRecord } from '../journal/evidence.ts';
import { emptyInventory, type BackupInventory } from '../journal/inventory.ts';
import { Recorder } from '../journal/recorder.ts';
import { reshapeListing } from './reshape-listing.ts';
import { ServerFiles } from '../journal/server-files.ts';
import { SourceWatch } from '../journal/source-watch.ts';
import { findToken } from '../journal/token-sightings.ts';
import { inodesIn, readInventory } from '../oracle/backup-reader.ts';
import { isHalfWritten } from '../oracle/half-written.ts';
import { assessRestore } from '../oracle/restore.ts';
import type { Action, Scenario, Step } from '../scenarios/scenario.ts';

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

/** Plays one scenario from start to end on a cluster of its own. */
export async function playScenario(options: ScenarioRunOptions): Promise<ScenarioRun> {
  const stage = await Stage.open(options);
  try {
    for (const step of options.scenario.steps) {
      if (stage.isOver) break;
      await stage.take(step);
    }
    return stage.finish();
  } finally {
    await stage.close();
  }
}

/** A cluster, a client, and what passes between them. */
class Stage {
  readonly #options: ScenarioRunOptions;
  readonly #simulator: Simulator;
  readonly #recorder: Recorder;
  readonly #watch: SourceWatch;
  readonly #events: ClusterEvent[];
  readonly #runs: RunRecord[] = [];
  #inventory: BackupInventory = emptyInventory;
  #kill = new AbortController();
  #clientMs = 0;
  #lastGood: BackupPromise | null = null;

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
    for (const name of ['backup', 'state', 'restore']) fs.mkdirSync(path.join(options.folder, name));
  }

  /** A client that hangs would hang again: nothing more can be learnt of it here. */
  get isOver(): boolean {
    return this.#runs.at(-1)?.result.hasTimedOut === true;
  }

  async take(step: Step): Promise<void> {
    if (step.kind === 'run') await this.#runClient(step);
    else await this.#act(step);
  }

  finish(): ScenarioRun {
    const { scenario, capabilities } = this.#options;
    const evidence: Evidence = {
      contexts: this.#contexts,
      groups: ['_admin', ...this.#contexts],
      secrets: this.#secrets,
      hasAccessControl: scenario.cluster.token !== undefined,
      capabilities,
      runs: this.#runs,
      events: this.#events,
    };
    return { evidence, clientMs: this.#clientMs };
  }

  async close(): Promise<void> {
    await this.#simulator.close();
  }

  /** The right token, and the wrong ones that the client is given. */
  get #secrets(): readonly string[] {
    const { cluster, steps } = this.#options.scenario;
    const given = steps.flatMap((step) => (step.kind === 'run' && step.token !== undefined ? [step.token] : []));
    return cluster.token === undefined ? given : [cluster.token, ...given];
  }

  get #contexts(): readonly string[] {
    return this.#options.scenario.cluster.contexts ?? ['default'];
  }

  async #act(action: Action): Promise<void> {
    const { clock, control } = this.#simulator;
    switch (action.kind) {
      case 'advance':
        return clock.advance(parseDuration(action.by));
      case 'append': {
        const { context = 'default', kind: _kind, ...request } = action;
        await control.append(context, request);
        return;
      }
      case 'roll':
        await control.roll(action.context ?? 'default', action.type ?? 'EVENT');
        return;
      case 'clean-log':
        await control.cleanLog(action.node, action.group, parseDuration(action.olderThan ?? '0s'));
        return;
      case 'stop':
        return control.stop(action.node);
      case 'start':
        return control.start(action.node);
      case 'crash':
        return control.crash(action.node);
      case 'delay-replication':
        return control.delayReplication(action.node, parseDuration(action.by));
      case 'plan-faults':
        return control.planFaults(action.rules);
      case 'clear-faults':
        return control.planFaults([]);
      case 'kill-client':
        return this.#kill.abort();
    }
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
    const logPositions = logPositionsIn(this.#simulator.state());
    this.#recorder.startRun(run, step.surprises ?? []);
    const realStartMs = realTimeMs();
    const result = await driver.run({
      run,
      url: node.url,
      nodes: this.#simulator.nodes,
      contexts: this.#contexts,
      groups: ['_admin', ...this.#contexts],
      token,
      backupDir: path.join(folder, 'backup'),
      stateDir: path.join(folder, 'state'),
      timeoutMs,
      kill: this.#kill.signal,
    });
    this.#clientMs += realTimeMs() - realStartMs;
    const { requests, halfWritten } = await this.#recorder.endRun();
    const before = this.#inventory;
    this.#inventory = await this.#readBackup(before, run);
    const posted = requests.findLast(({ answer }) => answer.kind === 'control-db-backup');
    const isGood = result.exitCode === 0;
    const own: BackupPromise = { beforeMs: posted?.atMs ?? startMs, nodeName: posted?.node ?? node.name };
    const promise = isGood ? own : (this.#lastGood ?? own);
    if (isGood) this.#lastGood = own;
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
      after: this.#inventory,
      sourceDamage: this.#watch.damage(this.#events.slice(eventsBefore)),
      tokenSightings: token === null ? [] : findToken(token, result, this.#inventory),
      restoration: await assessRestore({
        inventory: this.#inventory,
        ledger: this.#simulator.ledger,
        contexts: this.#contexts,
        groups: ['_admin', ...this.#contexts],
        ...promise,
        includesOpenSegments: !this.#options.capabilities.includes('no-open-segment'),
        workFolder: path.join(folder, 'restore'),
      }),
    });
  }

  async #readBackup(before: BackupInventory, run: number): Promise<BackupInventory> {
    const { folder, unpack } = this.#options;
    const backupDir = path.join(folder, 'backup');
    const names = { contexts: this.#contexts, groups: ['_admin', ...this.#contexts] };
    if (unpack === null) {
      const liveInodes = inodesIn(this.#simulator.nodes.map(({ dataDir }) => dataDir));
      return readInventory(backupDir, before, run, { ...names, liveInodes });
    }
    const restoreDir = path.join(folder, `unpacked-${run}`);
    fs.mkdirSync(restoreDir);
    await unpack(backupDir, restoreDir);
    return readInventory(restoreDir, before, run, names);
  }
}

function logPositionsIn({ nodes }: ClusterState): LogPosition[] {
  return nodes.flatMap(({ name, groups }) =>
    Object.entries(groups).map(([group, { lastIndex, commitIndex }]) => ({
      node: name,
      group,
      lastIndex,
      commitIndex,
    })),
  );
}

/** What a run that ends with 0 promises. */
interface BackupPromise {
  /** All that was acknowledged by then, virtual milliseconds since 1970. */
  readonly beforeMs: number;
  /** The node that was backed up. */
  readonly nodeName: string;
}
