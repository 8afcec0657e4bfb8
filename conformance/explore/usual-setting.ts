import type { Action, Scenario, Step } from '../scenarios/scenario.ts';

const KIB = 1024;

/** What a cluster is like, and what steps have to know of it so that it can do them. */
export interface Setting {
  readonly cluster: Scenario['cluster'];
  readonly pace?: NonNullable<Scenario['pace']>;
  /** Where TMPDIR of the client lies, if not beside its other folders. */
  readonly tmpdir?: NonNullable<Scenario['tmpdir']>;
  readonly nodes: number;
  /** Plain ones, from the first step on which an intent can come to. */
  readonly contexts: readonly string[];
  /** Others, which have a dynamic consistency boundary. */
  readonly dcbContexts?: readonly string[];
  /** Replication groups whose log each node has, by its name. */
  readonly logs: ReadonlyMap<string, readonly string[]>;
  /** Nodes without which the others, or their own clients, can go on. */
  readonly mayGoDown: readonly string[];
  /** Tokens that a run can be given beside the right one. */
  readonly otherTokens: readonly string[];
  /** What one append has at most, and how large its payloads are; the usual size unless given. */
  readonly mostTransactions: number;
  readonly payloadBytes?: number;
  /** Whether a segment holds no transaction of several events. */
  readonly isNarrow?: boolean;
  /** To which size a file can be written where a disk is full. */
  readonly fileLimitBytes: number;
  /** A node that leads no group as long as all nodes are up. */
  readonly follower?: string;
  /** Kinds of happenings without which it would show little. */
  readonly emphasis: readonly string[];
  /** What comes first of all. */
  readonly opening: readonly Step[];
}

/** Long enough for what is written to be applied everywhere. */
export const tenSeconds: Action = { kind: 'advance', by: '10s' };

/** Nodes that all have all contexts, each in a group of its own. */
export function usualSetting(nodes: number, contexts: readonly string[], cluster: Scenario['cluster']): Setting {
  const names = Array.from({ length: nodes }, (_, place) => `node-${place + 1}`);
  return {
    cluster: { nodes, contexts, ...cluster },
    nodes,
    contexts,
    logs: new Map(names.map((name) => [name, ['_admin', ...contexts]])),
    mayGoDown: names,
    otherTokens: [],
    mostTransactions: 120,
    fileLimitBytes: 6 * KIB,
    emphasis: [],
    opening: [],
  };
}

/** The name of one of the nodes, which are counted round. */
export function nodeAt(place: number, { nodes }: Pick<Setting, 'nodes'>): string {
  return `node-${(place % nodes) + 1}`;
}

/** The first that is another one; undefined where there is none. */
export function otherThan(node: string, { nodes }: Pick<Setting, 'nodes'>): string | undefined {
  return Array.from({ length: nodes }, (_, place) => nodeAt(place, { nodes })).find((each) => each !== node);
}
