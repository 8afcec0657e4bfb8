const ONLY_VERSION_0: readonly number[] = [0];

/**
 * Which versions of its segments a store has on disk (2023 and later; docs/event-segment-format.md, section 7.4). A
 * segment that was never transformed has version 0 alone, and costs nothing here.
 */
export class SegmentVersions {
  /** Ascending; only of segments that have a version above 0. */
  readonly #onDisk = new Map<bigint, readonly number[]>();
  /** The same segments by their current version, then by number: a listing asks for those above a version. */
  readonly #byVersion: Array<{ readonly version: number; readonly segment: bigint }> = [];

  /** Takes over what lies in a folder: versions of segments, in any order. */
  constructor(found: ReadonlyMap<bigint, readonly number[]> = new Map()) {
    for (const [segment, versions] of found) {
      const ascending = versions.toSorted((a, b) => a - b);
      this.#onDisk.set(segment, ascending);
      this.#byVersion.push({ version: ascending.at(-1) ?? 0, segment });
    }
    this.#byVersion.sort((a, b) => a.version - b.version || (a.segment < b.segment ? -1 : 1));
  }

  /** The version that is read. */
  currentOf(segment: bigint): number {
    return this.#onDisk.get(segment)?.at(-1) ?? 0;
  }

  /** Ascending, the current one last. */
  onDisk(segment: bigint): readonly number[] {
    return this.#onDisk.get(segment) ?? ONLY_VERSION_0;
  }

  /** Of all segments; 0 where none was transformed. */
  get highest(): number {
    return this.#byVersion.at(-1)?.version ?? 0;
  }

  /** Segments that have versions beside the current one. */
  get withOldVersions(): readonly bigint[] {
    return [...this.#onDisk].filter(([, versions]) => versions.length > 1).map(([segment]) => segment);
  }

  /** Segments whose current version is above `version`, in no order that means something. */
  above(version: number): readonly bigint[] {
    return this.#byVersion.slice(this.#placeOf(version + 1, 0n)).map(({ segment }) => segment);
  }

  /** A new version has become the current one. */
  add(segment: bigint, version: number): void {
    const before = this.currentOf(segment);
    if (before > 0) this.#byVersion.splice(this.#placeOf(before, segment), 1);
    this.#byVersion.splice(this.#placeOf(version, segment), 0, { version, segment });
    this.#onDisk.set(segment, [...this.onDisk(segment), version]);
  }

  /** A version that is not the current one is gone. */
  drop(segment: bigint, version: number): void {
    this.#onDisk.set(
      segment,
      this.onDisk(segment).filter((each) => each !== version),
    );
  }

  /** Place of the first element that is not before these. */
  #placeOf(version: number, segment: bigint): number {
    let low = 0;
    let high = this.#byVersion.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const element = this.#byVersion[middle] as { readonly version: number; readonly segment: bigint };
      if (element.version < version || (element.version === version && element.segment < segment)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
