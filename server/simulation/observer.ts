/** Before the path of a request that misses the context path, as it is shown: nothing of the server is there. */
export const OUTSIDE_MARK = '(outside of the base path) ';

/** A request to the public API of a node, as it arrives. */
export interface ObservedRequest {
  /** From 1, in the order of arrival over all nodes. */
  readonly ordinal: number;
  readonly node: string;
  readonly method: string;
  /** Without the context path; of a request that misses it, `OUTSIDE_MARK` and what was asked for. */
  readonly path: string;
  readonly query: Readonly<Record<string, unknown>>;
  /** The port of the node that was called. */
  readonly port: number;
  /** Whether it carries an access token; never the token. */
  readonly hasToken: boolean;
}

/** A request with what it is answered. */
export interface Exchange extends ObservedRequest {
  /** Virtual milliseconds since 1970, after the observer has let time pass. */
  readonly atMs: number;
  /** 0 where the connection is broken off without an answer. */
  readonly status: number;
  readonly body: string;
  /** What a planned fault changes for the caller, or null where that is nothing: the answer is as it would have been. */
  readonly fault: string | null;
}

/**
 * Looks on at the public API from inside the process. The judge lets virtual time pass with what a client does, and has
 * things happen between a listing and the copying: both hold the answer back until they are done.
 */
export interface Observer {
  readonly beforeAnswer: (request: ObservedRequest) => Promise<void>;
  /** Resolves to another body where the client shall get one, else to null. */
  readonly beforeSend: (exchange: Exchange) => Promise<string | null>;
  /**
   * Closes the control API: where it is given, every request below `/_sim`, of whatever kind and on every node, is
   * answered 403 unless its header `X-Sim-Key` is this. Visible ASCII characters, one at least; a secret.
   */
  readonly controlKey?: string;
  /** Is told of each request that was refused for want of the key, as it arrives. */
  readonly refusedControl?: (request: RefusedControl) => void;
}

/** A request to the closed control API. */
export interface RefusedControl extends Pick<ObservedRequest, 'node' | 'method' | 'path' | 'port'> {
  /** From 1, in the order of arrival over all nodes; those to the public API are in the same count. */
  readonly ordinal?: number;
}
