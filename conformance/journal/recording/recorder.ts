import * as fs from 'node:fs';
import path from 'node:path';
import {
  isPathLike,
  isQueryLike,
  type ClusterState,
  type Exchange,
  type ObservedRequest,
  type Observer,
  type RefusedControl,
  type Simulator,
} from '../../../server/index.ts';
import type { Moment, Scenario, Surprise } from '../../scenarios/scenario.ts';
import type { Answer, LogSample, RunRecord } from '../evidence.ts';
import type { Mounts } from './mounts.ts';
import type { OrderOfHappening } from '../order-of-happening.ts';
import type { Charge } from './copying-account.ts';
import type { GrownFile } from './folder-growth.ts';
import { LogSamples } from './log-samples.ts';
import { RefusedCalls } from './refused-calls.ts';
import type { RunUnderWay } from './run-under-way.ts';
import { dataFileName } from '../segment-file-name.ts';
import { readAnswer, topicOf, type AnswerContext } from './listed-files.ts';
import { copiedNameOf } from './owed-copying.ts';
import type { ServerFiles } from './server-files.ts';
import type { SourceLook } from './source-reads.ts';

const DEFAULT_REQUEST_MS = 100;
const DEFAULT_COPIED_BYTES_PER_SECOND = 16 * 1024 ** 2;

export interface RecorderOptions {
  readonly scenario: Scenario;
  /** Carries out what a surprise brings to a run. */
  readonly perform: (surprise: Surprise, run: RunUnderWay) => Promise<void>;
  /** Gives the names of a listing another shape, or null. */
  readonly reshape: (exchange: Exchange, run: RunUnderWay) => string | null;
  /** Whether a copy of a file that is being written would be one of half a write. */
  readonly isHalfWritten: (file: string) => boolean;
  readonly serverFiles: ServerFiles;
  readonly mounts: () => Mounts;
  /** Of all that happens in the scenario. */
  readonly order: OrderOfHappening;
  /** Closes the control API of the cluster to whoever does not have it: nobody. */
  readonly controlKey: string;
  readonly listsCurrentLog: boolean;
}

/**
 * Looks on while a client runs: lets virtual time pass with what the client does, sets off what the scenario has
 * planned, and keeps every request with what it was answered. Time passes for a request before it is answered. For the
 * files of answers it passes when they are copied: before a request is answered the client's folders are looked at, and what
 * they show to be under way is charged first; what they do not show, when the run ends (journal/recording/copying-account.ts).
 */
export class Recorder implements Observer {
  readonly controlKey: string;
  readonly #options: RecorderOptions;
  readonly #checksums = new Map<string, string>();
  readonly #samples = new LogSamples();
  /** The one that began first comes first. */
  readonly #runs: RunUnderWay[] = [];
  /** Refused calls of what a client has left behind, until the next run ends. */
  #strays = new RefusedCalls();
  #simulator: Simulator | null = null;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.controlKey = options.controlKey;
  }

  get samples(): readonly LogSample[] {
    return this.#samples.taken;
  }

  attach(simulator: Simulator): void {
    this.#simulator = simulator;
  }

  startRun(run: RunUnderWay): void {
    this.#sampleAtEdge();
    this.#runs.push(run);
  }

  /** The client has ended: lets the time of its last copies pass. */
  async letTimePass(run: RunUnderWay): Promise<void> {
    this.#runs.splice(this.#runs.indexOf(run), 1);
    const { account } = run;
    await this.#pass(run, account.isEmpty ? [] : account.settle(this.#lookAt(run)), null);
    // What this one has written meanwhile is no doing of a run beside it, which has been held all the time.
    for (const { growth } of this.#runs) growth.look(() => true);
  }

  /** What the run asked, in the order of arrival, under its number. */
  endRun(
    run: RunUnderWay,
    number: number,
  ): Pick<RunRecord, 'requests' | 'halfWritten' | 'refusedControl' | 'leftOut' | 'missed'> {
    this.#sampleAtEdge();
    const requests = run.requests.toSorted((a, b) => a.ordinal - b.ordinal);
    const refusedControl = run.refusedCalls.with(this.#strays).calls;
    this.#strays = new RefusedCalls();
    return {
      requests: requests.map((request) => {
        const copying = run.copyings.get(request.ordinal);
        return { run: number, ...request, ...(copying === undefined ? {} : { copying }) };
      }),
      halfWritten: [...run.halfWritten],
      refusedControl,
      ...(run.leftOut.length === 0 ? {} : { leftOut: run.leftOut }),
      ...(run.missed.length === 0 ? {} : { missed: run.missed }),
    };
  }

  readonly beforeAnswer = async (request: ObservedRequest): Promise<void> => {
    const run = this.#runOf(request);
    if (run === null) return;
    await run.letIn();
    // Of requests that are about nothing that could be copied there may be many.
    const isLookedAt = !run.account.isEmpty || topicOf(request) !== null;
    await this.#pass(run, isLookedAt ? run.account.charge(this.#lookAt(run)) : [], request.ordinal);
    await this.#surprise(run, request, 'arrives');
  };

  readonly beforeSend = async (exchange: Exchange): Promise<string | null> => {
    const run = this.#runOf(exchange);
    if (run === null) return null;
    const reshaped = exchange.status === 200 && exchange.fault === null ? this.#options.reshape(exchange, run) : null;
    const sent = reshaped === null ? exchange : { ...exchange, body: reshaped };
    const simulator = this.#requireSimulator();
    const state = simulator.state();
    this.#samples.takeAtRequest(simulator.clock.nowMs, state);
    const sources: SourceLook[] = [];
    const answer = readAnswer(sent, this.#answerContext(exchange.node, run, state, sources));
    for (const file of this.#filesUnderWrite(exchange.node, answer)) {
      if (this.#options.isHalfWritten(file)) run.halfWritten.add(path.basename(file));
    }
    const { body: _body, port: _port, ...seen } = exchange;
    run.requests.push({ ...seen, answer, seq: this.#options.order.next() });
    const { ordinal, node, body } = sent;
    const bodyBytes = Buffer.byteLength(body);
    run.account.add(answer, { ordinal, node, sources, spentMs: run.spentMs, bodyBytes });
    // A client finds out by a 404 what an older release does not have, and asks on: that was not the moment.
    if (exchange.status === 200) await this.#surprise(run, exchange, 'is-answered');
    return reshaped;
  };

  readonly refusedControl = ({ node, method, path: calledPath, port }: RefusedControl): void => {
    const run = this.#runOf({ port });
    const atMs = this.#requireSimulator().clock.nowMs;
    (run?.refusedCalls ?? this.#strays).add({ atMs, node, method, path: calledPath });
  };

  /** Of two runs at a time each calls the nodes at ports of its own. */
  #runOf({ port }: Pick<ObservedRequest, 'port'>): RunUnderWay | null {
    return this.#runs.find(({ ports }) => ports.has(port)) ?? this.#runs[0] ?? null;
  }

  #lookAt({ growth, account }: RunUnderWay): GrownFile[] {
    return growth.look((name) => account.couldBeCopy(copiedNameOf(name)));
  }

  /** Charges what was copied, and the request before whose answer that was seen; null at the end of the run. */
  async #pass(run: RunUnderWay, charges: readonly Charge[], request: number | null): Promise<void> {
    const beforeMs = run.spentMs;
    for (const { owed, shownBy } of charges) {
      const tookMs = Math.ceil((owed.bytes / copiedBytesPerSecond(this.#options.scenario)) * 1000);
      run.spentMs += tookMs;
      const [place, afterMs] = [run.copyings.size + 1, run.spentMs - owed.spentMs];
      run.copyings.set(owed.ordinal, { place, tookMs, afterMs, shownBy, seenAtRequest: request });
    }
    if (request !== null) run.spentMs += this.#options.scenario.pace?.requestMs ?? DEFAULT_REQUEST_MS;
    const spentMs = run.spentMs - beforeMs;
    if (spentMs > 0) await this.#simulator?.clock.advance(spentMs);
  }

  async #surprise(run: RunUnderWay, request: ObservedRequest, when: Moment['when']): Promise<void> {
    for (const pending of run.surprises) {
      const { at } = pending.surprise;
      if (at.when !== when || !matches(at, request)) continue;
      pending.matched++;
      if (pending.matched === (at.nth ?? 1)) await this.#options.perform(pending.surprise, run);
    }
  }

  /** The files that the server goes on writing while the client copies what it was told of. */
  #filesUnderWrite(nodeName: string, answer: Answer): string[] {
    const node = this.#simulator?.nodes.find(({ name }) => name === nodeName);
    if (node === undefined) return [];
    if (answer.kind === 'control-db-backup') {
      return fs.readdirSync(node.controlDbDir).map((name) => path.join(node.controlDbDir, name));
    }
    if (answer.kind !== 'segments' || answer.openSegment === null) return [];
    const dir = answer.type === 'EVENT' ? node.eventsDir : (node.snapshotsDir ?? node.eventsDir);
    return [path.join(dir, answer.context, dataFileName(answer.openSegment, answer.type))];
  }

  #sampleAtEdge(): void {
    const simulator = this.#requireSimulator();
    this.#samples.takeAtEdge(simulator.clock.nowMs, simulator.state());
  }

  #requireSimulator(): Simulator {
    if (this.#simulator === null) throw new Error('the recorder is not attached to a cluster');
    return this.#simulator;
  }

  #answerContext(
    asked: string,
    { unmounted }: RunUnderWay,
    { nodes }: ClusterState,
    looks: SourceLook[],
  ): AnswerContext {
    const mounts = this.#options.mounts();
    return {
      checksums: this.#checksums,
      serverFiles: { name: (listed) => this.#options.serverFiles.nameListed(asked, listed) },
      localPathOf: (listed) => mounts.localPathOf(asked, listed),
      isOutsideMounts: (listed) => mounts.isOutside(asked, listed, unmounted),
      looks,
      listsCurrentLog: this.#options.listsCurrentLog,
      storeOf: ({ node, context, type }) => {
        const store = nodes.find(({ name }) => name === node)?.contexts[context]?.[type];
        if (store === undefined) return null;
        const lastClosedSegment = BigInt(store.closedSegments.last ?? -1);
        return { openSegment: BigInt(store.openSegment), lastClosedSegment };
      },
    };
  }
}

/** At what rate the files of a scenario are copied, in virtual time. */
export function copiedBytesPerSecond({ pace }: Scenario): number {
  return pace?.copiedBytesPerSecond ?? DEFAULT_COPIED_BYTES_PER_SECOND;
}

function matches(moment: Moment, request: ObservedRequest): boolean {
  if (moment.method !== undefined && moment.method !== request.method) return false;
  return isPathLike(moment.path, request.path) && isQueryLike(moment.query, request.query);
}
