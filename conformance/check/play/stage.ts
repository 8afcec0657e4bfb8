import path from 'node:path';
import { startSimulator, type Simulator } from '../../../server/index.ts';
import type { OrderedEvent, RunRecord } from '../../journal/evidence.ts';
import { Mounts } from '../../journal/recording/mounts.ts';
import { OrderOfHappening } from '../../journal/order-of-happening.ts';
import { copiedBytesPerSecond, Recorder } from '../../journal/recording/recorder.ts';
import type { RunUnderWay } from '../../journal/recording/run-under-way.ts';
import { ServerFiles } from '../../journal/recording/server-files.ts';
import { SourceWatch } from '../../journal/recording/source-watch.ts';
import { findToken } from '../../journal/recording/token-sightings.ts';
import { isHalfWritten } from '../../oracle/segments/half-written.ts';
import type { RunStep, Step, Surprise } from '../../scenarios/scenario.ts';
import { BackupUnderTest } from './backup-under-test.ts';
import { calledBy, clientFolders, invocationOf, runUnderWay, whileHeld, type ClientAtWork } from './client-at-work.ts';
import { clusterOptionsOf, serverRootOf } from './cluster-options.ts';
import { dcbContextsIn, dcbContextsOn, factsOf, logPositionsIn, namesIn } from './cluster-facts.ts';
import { evidenceOf } from './evidence-of.ts';
import { resolveHost, type Host } from './host.ts';
import { OutOfReach } from './out-of-reach.ts';
import { provideFolder } from '../folders/provide-folder.ts';
import { performAction, type Stagehand } from './perform-action.ts';
import { ListingShaper } from './reshape-listing.ts';
import { wordsOf } from './last-words.ts';
import type { ScenarioRun, ScenarioRunOptions } from './scenario-run-options.ts';

/** So long a second client may be silent before it counts as waiting for the first; real milliseconds. */
const LONGEST_SILENCE_MS = 5000;

/** A cluster, a client, and what passes between them. */
export class Stage {
  readonly #options: ScenarioRunOptions;
  readonly #simulator: Simulator;
  readonly #recorder: Recorder;
  readonly #watch: SourceWatch;
  readonly #events: OrderedEvent[];
  readonly #order: OrderOfHappening;
  readonly #mounts: Mounts;
  readonly #host: Host;
  readonly #runs: RunRecord[] = [];
  readonly #backup: BackupUnderTest;
  readonly #outOfReach: OutOfReach;
  readonly #atWork = new Map<RunUnderWay, ClientAtWork>();
  #nextNumber = 1;
  #clientMs = 0;
  /** What went wrong on the stage while a request was held, where nobody could be told. */
  #failure: unknown = null;
  /** A server whose files somebody has spoilt may fail at anything: that is the client's doing, and the end. */
  #isSpoilt = false;

  static async open(options: ScenarioRunOptions): Promise<Stage> {
    const { scenario, folder, controlKey } = options;
    const host = await resolveHost(options.host);
    const events: OrderedEvent[] = [];
    const order = new OrderOfHappening();
    const clusterDir = path.join(folder, 'cluster');
    const told = clientFolders(folder);
    const serverFiles = new ServerFiles(clusterDir, told);
    let stage: Stage | null = null;
    let mounts = new Mounts([], null);
    const shaper = new ListingShaper(scenario, () => (stage === null ? null : stage.#simulator.state()));
    const recorder = new Recorder({
      scenario,
      perform: async (surprise, run) => {
        if (stage !== null) await stage.#surprise(surprise, run);
      },
      reshape: (exchange, run) => {
        const reshaped = shaper.reshape(exchange, (file, text) => {
          if (stage !== null) stage.#watch.place(mounts.localPathOf(exchange.node, file), text);
        });
        if (reshaped !== null && reshaped.leftOut !== null) run.leftOut.push(reshaped.leftOut);
        return reshaped?.body ?? null;
      },
      isHalfWritten,
      serverFiles,
      mounts: () => mounts,
      order,
      controlKey,
      listsCurrentLog: factsOf(options).lists.currentLog,
    });
    const cluster = { ...clusterOptionsOf(options, clusterDir, host), dcbBackupFolders: Object.values(told) };
    const simulator = await startSimulator(cluster, recorder);
    try {
      const serverRoot = serverRootOf(options);
      mounts = new Mounts(simulator.nodes, serverRoot);
      serverFiles.learn(simulator.nodes, serverRoot);
      simulator.onEvent((event) => events.push({ ...serverFiles.nameIn(event), seq: order.next() }));
      recorder.attach(simulator);
      stage = new Stage(options, simulator, recorder, new SourceWatch(simulator, serverFiles), events, order, {
        mounts,
        host,
      });
      return stage;
    } catch (error) {
      await simulator.close();
      throw error;
    }
  }

  private constructor(
    options: ScenarioRunOptions,
    simulator: Simulator,
    recorder: Recorder,
    watch: SourceWatch,
    events: OrderedEvent[],
    order: OrderOfHappening,
    { mounts, host }: { readonly mounts: Mounts; readonly host: Host },
  ) {
    this.#mounts = mounts;
    this.#host = host;
    this.#options = options;
    this.#simulator = simulator;
    this.#recorder = recorder;
    this.#events = events;
    this.#order = order;
    this.#watch = watch;
    const { folder, clientUser } = options;
    for (const name of ['state', 'backup']) provideFolder(path.join(folder, name), clientUser);
    const hidden = path.join(options.ownFolder, 'out-of-reach');
    const liveFolders = [path.join(options.folder, 'cluster'), hidden];
    this.#backup = new BackupUnderTest({ ...options, simulator, liveFolders, events });
    this.#outOfReach = new OutOfReach(simulator, watch, hidden);
  }

  /** A client that hangs would hang again, and a server that it has broken stays so: nothing more can be learnt here. */
  get isOver(): boolean {
    return this.#isSpoilt || this.#runs.at(-1)?.result.hasTimedOut === true;
  }

  async take(step: Step): Promise<void> {
    try {
      if (step.kind === 'run') await this.#runClient(step);
      else await performAction(step, this.#simulator, this.#handsOf(null));
    } catch (error) {
      if (!this.#hasDamage) throw error;
      this.#isSpoilt = true;
    }
  }

  #handsOf(client: ClientAtWork | null): Stagehand {
    return {
      kill: () => client?.kill.abort(),
      askToEnd: () => client?.askToEnd.abort(),
      hideSegment: (store) => this.#outOfReach.hide(store),
      showSegments: () => this.#outOfReach.showAll(),
    };
  }

  finish(): ScenarioRun {
    const [runs, samples] = [this.#runs, this.#recorder.samples];
    // A copy: that the nodes are stopped in the end is no event of the scenario.
    const evidence = evidenceOf(this.#simulator, this.#options, { runs, samples, events: [...this.#events] });
    return { evidence, clientMs: this.#clientMs, played: this.#options.scenario };
  }

  async close(): Promise<void> {
    try {
      await this.#simulator.close();
    } catch (error) {
      if (!this.#hasDamage) throw error;
    }
  }

  get #hasDamage(): boolean {
    return this.#runs.some(({ sourceDamage }) => sourceDamage.length > 0);
  }

  async #runClient(step: RunStep): Promise<void> {
    // Runs are numbered as they end, and one beside this one ends before it.
    const hasOther = (step.surprises ?? []).some(({ happens }) => happens.some(({ kind }) => kind === 'run-beside'));
    const number = this.#nextNumber + (hasOther ? 1 : 0);
    this.#nextNumber = number + 1;
    const realStartMs = this.#options.realTimeMs();
    const client = this.#begin(step, number);
    await client.result;
    // A client that is killed is over at once, and what is to happen behind that is not: a run beside it, say.
    await client.surprising;
    this.#clientMs += this.#options.realTimeMs() - realStartMs;
    await this.#conclude(client, number);
    if (client.other !== null) {
      client.other.letGo();
      await this.#conclude(client.other.client, this.#nextNumber++);
    }
    if (this.#failure !== null) throw this.#failure;
  }

  /** Starts the client. `otherPorts` are those at which it is to call the nodes, where it is not the first. */
  #begin(step: RunStep, number: number, otherPorts?: ReadonlyMap<string, number>): ClientAtWork {
    const { driver, folder, timeoutMs, scenario, clientUser, tmpdir } = this.#options;
    const nodes = this.#simulator.nodes
      .map((each) => calledBy(each, this.#host.name, otherPorts?.get(each.name)))
      .map((each) => this.#mounts.tell(each, step.unmounted));
    const node = nodes.find(({ name }) => name === (step.node ?? nodes[0]?.name));
    if (node === undefined) throw new Error(`${scenario.id} names a node that is not there: ${step.node}`);
    const token = scenario.cluster.token === undefined ? null : (step.token ?? scenario.cluster.token);
    const temporaryDir = tmpdir ?? path.join(folder, 'tmp');
    provideFolder(temporaryDir, clientUser);
    const ends = { kill: new AbortController(), askToEnd: new AbortController() };
    const dirs = { backupDir: this.#backup.folder, stateDir: path.join(folder, 'state'), temporaryDir };
    const told = { ...dirs, ...dcbContextsIn(this.#simulator) };
    const underWay = runUnderWay(step, nodes, told, copiedBytesPerSecond(scenario));
    this.#watch.begin();
    const begun = {
      step,
      number,
      node,
      nodes,
      token,
      ...ends,
      underWay,
      startMs: this.#simulator.clock.nowMs,
      startSeq: this.#order.next(),
      logPositions: logPositionsIn(this.#simulator),
      dcb: dcbContextsOn(this.#simulator, node.name),
      before: this.#backup.inventory,
    };
    this.#recorder.startRun(underWay);
    const tells = { run: number, node, nodes, ...namesIn(this.#simulator), token, ...told, dataDir: folder };
    const until = { timeoutMs, kill: ends.kill.signal, askToEnd: ends.askToEnd.signal };
    const result = driver.run({ ...invocationOf(step, tells), ...until });
    const client = { ...begun, result, surprising: Promise.resolve(), other: null };
    this.#atWork.set(underWay, client);
    return client;
  }

  /** Sees what a client has left that has ended. */
  async #conclude(client: ClientAtWork, number: number): Promise<void> {
    const { node, token, startMs, startSeq, underWay } = client;
    const result = await client.result;
    // Before the server writes on: what the client has left is never covered up by it.
    const sourceDamage = this.#watch.damage();
    this.#atWork.delete(underWay);
    await this.#recorder.letTimePass(underWay).catch((error: unknown) => (this.#failure ??= error));
    const endSeq = this.#order.next();
    const { requests, ...seen } = this.#recorder.endRun(underWay, number);
    const observed = { requests, samples: this.#recorder.samples, wasAskedToEnd: client.askToEnd.signal.aborted };
    const course = { ...observed, node: node.name, startMs, startSeq, endSeq, ...client.dcb };
    const assessment = await this.#backup.assess(number, result, course);
    const wasKilled = client.kill.signal.aborted || assessment.wasAskedToEnd === 'unfinished';
    const ended: RunRecord = {
      run: number,
      node: node.name,
      startMs,
      startSeq,
      endSeq,
      endMs: this.#simulator.clock.nowMs,
      result,
      ...(wasKilled
        ? {}
        : wordsOf(result, { nodes: this.#simulator.nodes, told: client.nodes, host: this.#host }, this.#options)),
      wasKilled,
      requests,
      ...seen,
      logPositions: client.logPositions,
      ...client.dcb,
      before: client.before,
      ...assessment,
      sourceDamage,
      outOfReach: this.#outOfReach.files,
      tokenSightings: token === null ? [] : findToken(token, result, assessment.after),
    };
    this.#runs.push(ended);
    this.#options.onRun?.(ended);
  }

  async #surprise({ happens }: Surprise, run: RunUnderWay): Promise<void> {
    const client = this.#atWork.get(run);
    if (client !== undefined) await whileHeld(client, this.#perform(happens, client));
  }

  async #perform(happens: Surprise['happens'], client: ClientAtWork): Promise<void> {
    try {
      for (const happening of happens) {
        if (happening.kind === 'run-beside') await this.#runBeside(client);
        else await performAction(happening, this.#simulator, this.#handsOf(client));
      }
    } catch (error) {
      this.#failure ??= error;
    }
  }

  /**
   * Another run, from start to end, while `client` waits for an answer. One that asks for nothing waits for the first one
   * to end, as a lock makes it do: then that goes on, and the other begins in earnest once it is over.
   */
  async #runBeside(client: ClientAtWork): Promise<void> {
    const { surprises: _none, ...step } = client.step;
    const other = this.#begin(step, client.number - 1, await this.#simulator.otherPorts());
    const patience = new AbortController();
    const isWaiting = await Promise.race([
      Promise.race([other.result, other.underWay.firstRequest]).then(() => false),
      this.#options.waitMs(LONGEST_SILENCE_MS, patience.signal).then(() => true),
    ]);
    patience.abort();
    if (!isWaiting) return this.#conclude(other, other.number);
    let letGo = (): void => undefined;
    other.underWay.holdUntil(new Promise((resolve) => (letGo = resolve)));
    client.other = { client: other, letGo };
  }
}
