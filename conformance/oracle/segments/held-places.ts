import { AggregatePlaces, placesLimits } from './aggregate-places.ts';

/**
 * Where the events of the last segments stand that have come by. Their indexes lie before or behind them in a tar that is sorted
 * by name; for longer than a few segments nothing is held.
 */
export class HeldPlaces {
  readonly #held = new Map<string, AggregatePlaces>();
  readonly #most: number;

  constructor(most: number = placesLimits.places) {
    this.#most = most;
  }

  /** For the segment of that path, which comes now. */
  begin(path: string): AggregatePlaces {
    const places = new AggregatePlaces();
    this.#held.delete(path);
    this.#held.set(path, places);
    return places;
  }

  /** Lets go of the oldest, as far as it takes; `seeGoing` has a last look at them. */
  settle(seeGoing: (path: string, places: AggregatePlaces) => void): void {
    let held = [...this.#held.values()].reduce((sum, each) => sum + each.held, 0);
    for (const [path, places] of this.#held) {
      if (held <= this.#most || this.#held.size === 1) return;
      held -= places.held;
      this.#held.delete(path);
      seeGoing(path, places);
    }
  }

  /** Null where they were let go of, or are not known. */
  of(path: string): ReadonlyMap<string, readonly number[]> | null {
    return this.#held.get(path)?.places ?? null;
  }
}
