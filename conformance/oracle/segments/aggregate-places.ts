import { readIndexKey } from '../../../server/formats/event-message.ts';
import { WireError } from '../../../server/formats/wire.ts';

/** What of one segment may be in memory: aggregates, the characters of their names, and places of events. */
export interface PlacesLimits {
  readonly aggregates: number;
  readonly characters: number;
  readonly places: number;
}

/** For more than any server puts into a segment of its usual 256 MiB. */
export const placesLimits: PlacesLimits = { aggregates: 400_000, characters: 32_000_000, places: 4_000_000 };

/** Where the events of each aggregate stand in a segment, gathered while it is read; limited in memory. */
export class AggregatePlaces {
  readonly #limits: PlacesLimits;
  #places: Map<string, number[]> | null = new Map();
  #characters = 0;
  #count = 0;

  constructor(limits: PlacesLimits = placesLimits) {
    this.#limits = limits;
  }

  /** Notes the event in `bytes` from `start` to `end`; `position` is that of its length field in the file. */
  add(bytes: Buffer, start: number, end: number, position: number): void {
    const places = this.#places;
    if (places === null) return;
    try {
      const key = readIndexKey(bytes, start, end);
      if (key === null) return;
      const known = places.get(key);
      this.#count++;
      if (known === undefined) {
        places.set(key, [position]);
        this.#characters += key.length;
      } else known.push(position);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.giveUp();
    }
    const { aggregates, characters, places: most } = this.#limits;
    if (this.#count > most || this.#characters > characters || places.size > aggregates) this.giveUp();
  }

  /** Some of it cannot be known. */
  giveUp(): void {
    this.#places = null;
  }

  /** How much of the limits it takes, the places of events for one each. */
  get held(): number {
    return this.#places === null ? 0 : this.#count + this.#characters / 8;
  }

  /** Null where the events are not what they should be, as encrypted ones, or are more than may be in memory. */
  get places(): ReadonlyMap<string, readonly number[]> | null {
    return this.#places;
  }
}
