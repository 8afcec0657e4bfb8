/** Where a client is at work, as far as that is not like the place where the kit is. */
export interface Surroundings {
  /**
   * The server names its files as if its data folder were this one (`/axonserver`), and the client is told by
   * `AXONSERVER_PATH_MAP` where they lie: five folders at unrelated places.
   */
  readonly serverRoot?: string;
}

/** What of some options is about that. */
export function surroundingsOf({ serverRoot }: Surroundings): Surroundings {
  return serverRoot === undefined ? {} : { serverRoot };
}
