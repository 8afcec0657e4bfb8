import * as fs from 'node:fs';
import path from 'node:path';
import type { Simulator } from '../../../server/index.ts';
import { parseSegmentFileName, segmentOfDataFile } from '../../journal/segment-file-name.ts';
import type { SourceWatch } from '../../journal/recording/source-watch.ts';

const CONTEXT = 'default';

/** Closed segments that the disk does not give for a while. The server knows them, lists them, and does not need them meanwhile. */
export class OutOfReach {
  readonly #simulator: Simulator;
  readonly #watch: SourceWatch;
  readonly #folder: string;
  /** Files, each with where it is in the meantime: nodes have files of one name. */
  readonly #hidden = new Map<string, string>();

  constructor(simulator: Simulator, watch: SourceWatch, folder: string) {
    this.#simulator = simulator;
    this.#watch = watch;
    this.#folder = folder;
  }

  /** Names of the files that nobody can read now. */
  get names(): readonly string[] {
    return [...this.#hidden.keys()].map((file) => path.basename(file));
  }

  /** Takes the newest closed segment of events of a node away; what else belongs to it stays. */
  hide(nodeName: string): void {
    const last = this.#simulator.state().nodes.find(({ name }) => name === nodeName)?.contexts[CONTEXT]?.EVENT
      .closedSegments.last;
    const eventsDir = this.#simulator.nodes.find(({ name }) => name === nodeName)?.eventsDir;
    if (eventsDir === undefined || last === undefined || last === null) return;
    const segment = BigInt(last);
    const store = path.join(eventsDir, CONTEXT);
    if ([...this.#hidden.keys()].some((hidden) => path.dirname(hidden) === store && isOf(segment, hidden))) return;
    const file = newestVersionIn(store, segment);
    if (file === null) return;
    const place = path.join(this.#folder, nodeName, path.basename(file));
    fs.mkdirSync(path.dirname(place), { recursive: true });
    fs.renameSync(file, place);
    this.#hidden.set(file, place);
    this.#watch.excuse([...this.#hidden.keys()]);
  }

  showAll(): void {
    for (const [file, place] of this.#hidden) fs.renameSync(place, file);
    this.#hidden.clear();
    this.#watch.excuse([...this.#hidden.keys()]);
  }
}

function isOf(segment: bigint, file: string): boolean {
  return segmentOfDataFile(path.basename(file), 'EVENT') === segment;
}

/** The file that the server reads: a transformation has written a segment anew, and versions before it may lie there still. */
function newestVersionIn(store: string, segment: bigint): string | null {
  const versionOf = (name: string): number => parseSegmentFileName(name)?.version ?? 0;
  const names = fs.readdirSync(store).filter((name) => isOf(segment, name));
  const newest = names.toSorted((a, b) => versionOf(a) - versionOf(b)).at(-1);
  return newest === undefined ? null : path.join(store, newest);
}
