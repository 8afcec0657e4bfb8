import type { Cluster } from '../cluster/cluster.ts';
import type { ClusterEvent } from '../cluster/terms/cluster-event.ts';
import { Latest } from './latest.ts';
import type { JournalEntry } from './request-journal.ts';

/** Where the log of one group on one node stood at one moment. Times are virtual milliseconds since 1970. */
export interface LogSample {
  readonly atMs: number;
  readonly group: string;
  readonly firstIndex: number;
  readonly lastIndex: number;
  readonly commitIndex: number;
  readonly appliedIndex: number;
  readonly nextCleaningMs: number | null;
}

export interface RecordedRequest extends Omit<JournalEntry, 'seq'> {
  /** Names in the answer, where it is a listing. */
  readonly listedFiles: number;
}

/** Segments come and go by the thousand; they must not push out the few things that happen otherwise. */
const MOST_SEGMENT_EVENTS = 20_000;
const MOST_OTHER_EVENTS = 5000;
const MOST_REQUESTS = 2000;
/** Of all nodes and groups together. */
const MOST_SAMPLES = 20_000;

/** Logs grow evenly enough to be looked at twice a virtual minute. */
const SAMPLE_GAP_MS = 30_000;

/** An event, and that it was the n-th that was noted: many happen in one virtual millisecond. */
interface NotedEvent {
  readonly ordinal: number;
  readonly event: ClusterEvent;
}

function inOrder(noted: readonly NotedEvent[]): ClusterEvent[] {
  return noted.toSorted((a, b) => a.ordinal - b.ordinal).map(({ event }) => event);
}

/** The recent past of a cluster, as much of it as a picture can show: bounded, however long the cluster lives. */
export class Recorder {
  readonly #segmentEvents = new Latest<NotedEvent>(MOST_SEGMENT_EVENTS);
  readonly #otherEvents = new Latest<NotedEvent>(MOST_OTHER_EVENTS);
  #noted = 0;
  readonly #requests = new Latest<RecordedRequest>(MOST_REQUESTS);
  readonly #samples = new Map<string, Latest<LogSample>>();
  #sinceMs = 0;

  /** When it began to look, in virtual milliseconds since 1970. */
  get sinceMs(): number {
    return this.#sinceMs;
  }

  /** Forgets everything: at `atMs` a cluster begins. */
  begin(atMs: number): void {
    this.#segmentEvents.clear();
    this.#otherEvents.clear();
    this.#requests.clear();
    this.#samples.clear();
    this.#sinceMs = atMs;
  }

  noteEvent(happened: ClusterEvent): void {
    // There may be a file for each segment, and the number is all that is shown.
    const event = happened.kind === 'dcb-backup-finished' ? { ...happened, files: [] } : happened;
    const isOfSegment = /^(?:log-)?segment-/.test(event.kind);
    (isOfSegment ? this.#segmentEvents : this.#otherEvents).keep({ ordinal: ++this.#noted, event });
  }

  noteRequest(request: RecordedRequest): void {
    this.#requests.keep(request);
  }

  /** Looks at the logs of all nodes now, and again and again as time passes. */
  watch(cluster: Cluster): void {
    const most = Math.ceil(MOST_SAMPLES / cluster.nodes.size);
    for (const name of cluster.nodes.keys()) {
      const samples = this.#samples.get(name) ?? new Latest<LogSample>(most);
      this.#samples.set(name, samples);
      for (const sample of samplesOf(cluster, name)) samples.keep(sample);
    }
    cluster.clock.after(SAMPLE_GAP_MS, () => this.watch(cluster));
  }

  /** In the order in which they happened. */
  get events(): readonly ClusterEvent[] {
    return inOrder([...this.#segmentEvents.items, ...this.#otherEvents.items]);
  }

  /** The newest so many, likewise: what it costs does not grow with how much has happened. */
  latestEvents(most: number): readonly ClusterEvent[] {
    return inOrder([...this.#segmentEvents.newest(most), ...this.#otherEvents.newest(most)]).slice(-most);
  }

  get requests(): readonly RecordedRequest[] {
    return this.#requests.items;
  }

  /** The samples of one node, in the order of time. */
  samplesOf(node: string): readonly LogSample[] {
    return this.#samples.get(node)?.items ?? [];
  }
}

/** Where the logs of a node stand now; nowhere while it does not run. */
export function samplesOf(cluster: Cluster, nodeName: string): LogSample[] {
  const node = cluster.node(nodeName);
  return [...node.members].map(([group, { log, commitIndex, appliedIndex }]) => ({
    atMs: cluster.clock.nowMs,
    group,
    firstIndex: log.firstIndex,
    lastIndex: log.lastIndex,
    commitIndex,
    appliedIndex,
    nextCleaningMs: node.nextCleaningAtMs(group),
  }));
}
