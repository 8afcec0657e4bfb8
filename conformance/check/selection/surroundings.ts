import type { ClientUser } from '../../driver/client-user.ts';

/** Where a client is at work, as far as that is not like the place where the kit is. */
export interface Surroundings {
  /**
   * The server names its files as if its data folder were this one (`/axonserver`), and the client is told by
   * `AXONSERVER_PATH_MAP` where they lie: five folders at unrelated places.
   */
  readonly serverRoot?: string;
  /** The client runs as this user, and its folders are its own; as the one that runs the check unless given. */
  readonly clientUser?: ClientUser;
  /** `read-only`: the client sees the nodes' folders through a mount by which nothing in them can be written; needs root. */
  readonly source?: 'read-only';
  /** Address that the nodes listen at and the client is told, or a name of it: loopback unless given. */
  readonly host?: string;
  /** Below which every public path of the server lies, as `/axonserver-1`; none unless given. */
  readonly contextPath?: string;
}

/** What of some options is about that. */
export function surroundingsOf({ serverRoot, clientUser, source, host, contextPath }: Surroundings): Surroundings {
  return {
    ...(serverRoot === undefined ? {} : { serverRoot }),
    ...(clientUser === undefined ? {} : { clientUser }),
    ...(source === undefined ? {} : { source }),
    ...(host === undefined ? {} : { host }),
    ...(contextPath === undefined ? {} : { contextPath }),
  };
}
