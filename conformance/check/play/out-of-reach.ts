import * as fs from 'node:fs';
import path from 'node:path';
import type { EventType, Simulator } from '../../../server/index.ts';
import type { FileOutOfReach } from '../../journal/evidence.ts';
import { parseSegmentFileName, segmentOfDataFile } from '../../journal/segment-file-name.ts';
import type { SourceWatch } from '../../journal/recording/source-watch.ts';

/** Whose newest closed segment is meant. */
export interface StoreOnNode {
  readonly node: string;
  /** `default` unless given. */
  readonly context?: string;
  /** EVENT unless given. */
  readonly type?: EventType;
}

/** Closed segments that the disk does not give for a while. The server knows them, lists them, and does not need them meanwhile. */
export class OutOfReach {
  readonly #simulator: Simulator;
  readonly #watch: SourceWatch;
  readonly #folder: string;
  /** By where they belong, with where they are in the meantime: nodes and contexts have files of one name. */
  readonly #hidden = new Map<string, FileOutOfReach & { readonly place: string }>();

  constructor(simulator: Simulator, watch: SourceWatch, folder: string) {
    this.#simulator = simulator;
    this.#watch = watch;
    this.#folder = folder;
  }

  /** The files that nobody can read now. */
  get files(): readonly FileOutOfReach[] {
    return [...this.#hidden.values()].map(({ node, context, name }) => ({ node, context, name }));
  }

  /** Takes the newest closed segment of a store away; what else belongs to it stays. */
  hide({ node: nodeName, context = 'default', type = 'EVENT' }: StoreOnNode): void {
    const state = this.#simulator.state().nodes.find(({ name }) => name === nodeName);
    const last = state?.contexts[context]?.[type].closedSegments.last;
    const node = this.#simulator.nodes.find(({ name }) => name === nodeName);
    if (node === undefined || last === undefined || last === null) return;
    const segment = BigInt(last);
    const store = path.join(type === 'EVENT' ? node.eventsDir : (node.snapshotsDir ?? node.eventsDir), context);
    const isHidden = (hidden: string): boolean => path.dirname(hidden) === store && isOf(segment, type, hidden);
    if ([...this.#hidden.keys()].some(isHidden)) return;
    const file = newestVersionIn(store, segment, type);
    if (file === null) return;
    const name = path.basename(file);
    const place = path.join(this.#folder, nodeName, context, name);
    fs.mkdirSync(path.dirname(place), { recursive: true });
    fs.renameSync(file, place);
    this.#hidden.set(file, { node: nodeName, context, name, place });
    this.#watch.excuse([...this.#hidden.keys()]);
  }

  showAll(): void {
    for (const [file, { place }] of this.#hidden) fs.renameSync(place, file);
    this.#hidden.clear();
    this.#watch.excuse([...this.#hidden.keys()]);
  }
}

function isOf(segment: bigint, type: EventType, file: string): boolean {
  return segmentOfDataFile(path.basename(file), type) === segment;
}

/** The file that the server reads: a transformation has written a segment anew, and versions before it may lie there still. */
function newestVersionIn(store: string, segment: bigint, type: EventType): string | null {
  const versionOf = (name: string): number => parseSegmentFileName(name)?.version ?? 0;
  const names = fs.readdirSync(store).filter((name) => isOf(segment, type, name));
  const newest = names.toSorted((a, b) => versionOf(a) - versionOf(b)).at(-1);
  return newest === undefined ? null : path.join(store, newest);
}
