import path from 'node:path';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { OUTSIDE_MARK, type Exchange } from '../../server/index.ts';
import type { Charge } from '../journal/recording/copying-account.ts';
import type { ListedWhileWritten, RunRecord } from '../journal/evidence.ts';
import { readAnswer, topicOf } from '../journal/recording/listed-files.ts';
import type { OrderOfHappening } from '../journal/order-of-happening.ts';
import { copiedNameOf } from '../journal/recording/owed-copying.ts';
import type { RunUnderWay } from '../journal/recording/run-under-way.ts';
import type { SourceLook } from '../journal/recording/source-reads.ts';
import { listsOpenSegment, storeAsListed } from './listed-store.ts';
import type { PassedAnswer, PassingRequest } from './proxy.ts';

export interface TraceRecorderOptions {
  readonly node: string;
  /** What stands before every path of the server's. */
  readonly basePath: string;
  /** A member of a cluster has logs. */
  readonly hasLog: boolean;
  readonly localPathOf: (listed: string) => string;
  readonly order: OrderOfHappening;
  /** Real milliseconds since 1970. */
  readonly nowMs: () => number;
}

/**
 * Keeps what passes between a client and a server, in real time. When the files of an answer were copied is told by the
 * client's folders, which are looked at with every request, and in between as often as `look` is called.
 */
export class TraceRecorder {
  readonly #options: TraceRecorderOptions;
  readonly #checksums = new Map<string, string>();
  readonly #arrivals = new Map<number, number>();
  /** When each answer that names files was given, by the ordinal of its request. */
  readonly #answeredMs = new Map<number, number>();
  readonly #sourceFolders = new Set<string>();
  #run: RunUnderWay | null = null;
  #listsOpenSegments = false;

  constructor(options: TraceRecorderOptions) {
    this.#options = options;
  }

  /** As far as what was listed shows it; a log was not seen to lack the segment that is written. */
  get lists(): ListedWhileWritten {
    return { openSegments: this.#listsOpenSegments, currentLog: true, log: this.#options.hasLog };
  }

  /** Where the listed segments and logs lie here: a link to something in there is no copy. */
  get sourceFolders(): readonly string[] {
    return [...this.#sourceFolders];
  }

  begin(run: RunUnderWay): void {
    this.#run = run;
  }

  /** The client has ended. */
  end(run: number): RunRecord['requests'] {
    const { account, growth, requests, copyings } = this.#requireRun();
    this.#note(account.isEmpty ? [] : account.settle(growth.look(() => true)), null);
    this.#run = null;
    const ordered = requests.toSorted((a, b) => a.ordinal - b.ordinal);
    return ordered.map((request) => {
      const copying = copyings.get(request.ordinal);
      return { run, ...request, ...(copying === undefined ? {} : { copying }) };
    });
  }

  /** Looks at the client's folders: what is seen to be copied now is not copied later. */
  look(request: number | null = null): void {
    const run = this.#run;
    if (run === null || run.account.isEmpty) return;
    const grown = run.growth.look((name) => run.account.couldBeCopy(copiedNameOf(name)));
    this.#note(run.account.charge(grown), request);
  }

  readonly arrived = (request: PassingRequest): void => {
    this.#arrivals.set(request.ordinal, this.#options.nowMs());
    this.look(request.ordinal);
  };

  readonly keepsBody = (request: PassingRequest): boolean => topicOf(this.#askedOf(request)) !== null;

  readonly answered = (request: PassingRequest, answer: PassedAnswer): void => {
    const run = this.#run;
    if (run === null) return;
    const { node, order, nowMs } = this.#options;
    const atMs = this.#arrivals.get(request.ordinal) ?? nowMs();
    const asked = this.#askedOf(request);
    const fault = answer.status === 0 ? 'the connection broke' : answer.wasCut ? 'the answer was cut short' : null;
    const body = textOf(answer);
    const { ordinal, method } = request;
    const hasToken = request.headers['axoniq-access-token'] !== undefined;
    const seen = { ordinal, atMs, node, method, ...asked, hasToken, status: answer.status, fault };
    const looks: SourceLook[] = [];
    const read = readAnswer({ ...seen, port: 0, body }, this.#context(looks));
    run.requests.push({ ...seen, answer: read, seq: order.next() });
    this.#answeredMs.set(ordinal, nowMs());
    if (read.kind !== 'control-db-backup') for (const look of looks) this.#sourceFolders.add(path.dirname(look.path));
    const bodyBytes = answer.body.length;
    run.account.add(read, { ordinal, node, sources: looks, spentMs: 0, bodyBytes });
  };

  #context(looks: SourceLook[]): Parameters<typeof readAnswer>[1] {
    return {
      checksums: this.#checksums,
      serverFiles: { name: (text) => text },
      localPathOf: this.#options.localPathOf,
      readsClosedLate: true,
      looks,
      listsCurrentLog: true,
      storeOf: (listed) => {
        const store = storeAsListed(listed);
        if (store !== null && listsOpenSegment(store, listed)) this.#listsOpenSegments = true;
        return store;
      },
    };
  }

  /** Without the base path; one that lacks it is none of the server's. */
  #askedOf({ url }: PassingRequest): Pick<Exchange, 'path' | 'query'> {
    const [asked = '', search = ''] = url.split(/\?(.*)/s);
    const { basePath } = this.#options;
    const own = asked.startsWith(`${basePath}/`) ? asked.slice(basePath.length) : `${OUTSIDE_MARK}${asked}`;
    return { path: own, query: queryOf(search) };
  }

  #note(charges: readonly Charge[], request: number | null): void {
    const { copyings } = this.#requireRun();
    const nowMs = this.#options.nowMs();
    for (const { owed, shownBy } of charges) {
      const afterMs = nowMs - (this.#answeredMs.get(owed.ordinal) ?? nowMs);
      copyings.set(owed.ordinal, { place: copyings.size + 1, tookMs: 0, afterMs, shownBy, seenAtRequest: request });
    }
  }

  #requireRun(): RunUnderWay {
    if (this.#run === null) throw new Error('no run is under way');
    return this.#run;
  }
}

/** A parameter that is given twice is a list, as the server has it. */
function queryOf(search: string): Record<string, unknown> {
  const query = new Map<string, string | string[]>();
  for (const [name, value] of new URLSearchParams(search)) {
    const before = query.get(name);
    query.set(name, before === undefined ? value : [before, value].flat());
  }
  return Object.fromEntries(query);
}

const decoders: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  gzip: gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
};

/** As the client reads it; of one that cannot be unpacked nothing. */
function textOf({ body, contentEncoding }: PassedAnswer): string {
  const decode = decoders[contentEncoding];
  try {
    return (decode === undefined ? body : decode(body)).toString('utf8');
  } catch {
    return '';
  }
}
