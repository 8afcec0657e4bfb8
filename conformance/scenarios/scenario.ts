import type { Behaviour, EventType, Fault, GroupOptions, TokenOptions } from '../../server/index.ts';
import type { Evidence } from '../journal/evidence.ts';
import type { Oddity } from './oddities.ts';

/** Something that happens to the cluster, or to the client. Durations as in the control API: `90s`, `31m`. */
export type Action =
  | { readonly kind: 'advance'; readonly by: string }
  | {
      readonly kind: 'append';
      readonly context?: string;
      readonly type?: EventType;
      readonly transactions: number;
      readonly eventsPerTransaction?: number;
      readonly payloadBytes?: number;
    }
  | { readonly kind: 'roll'; readonly context?: string; readonly type?: EventType }
  /** Deletes the events with these tokens: their segments get a version (2023.2). */
  | {
      readonly kind: 'transform';
      readonly context?: string;
      readonly firstToken: number;
      readonly lastToken: number;
    }
  /** Deletes the versions of segments that are not current (2023.2). */
  | { readonly kind: 'compact'; readonly context?: string }
  | { readonly kind: 'clean-log'; readonly node: string; readonly group: string; readonly olderThan?: string }
  | { readonly kind: 'stop' | 'start' | 'crash'; readonly node: string }
  /** From here on the node gets what its leaders write that much later. */
  | { readonly kind: 'delay-replication'; readonly node: string; readonly by: string }
  /** From here on the node applies nothing of its log for so long; `0s` ends it. */
  | { readonly kind: 'stall-apply'; readonly node: string; readonly for: string }
  | { readonly kind: 'plan-faults'; readonly rules: readonly Fault[] }
  | { readonly kind: 'clear-faults' }
  /** The newest closed segment of events in `default` cannot be read from here on, though it is listed. */
  | { readonly kind: 'hide-segment'; readonly node: string }
  /** All segments can be read again. */
  | { readonly kind: 'show-segments' }
  /** The client dies at once. */
  | { readonly kind: 'kill-client' };

/** Which request of a run sets something off. */
export interface Moment {
  readonly method?: string;
  readonly path: string;
  /** However its values are spelt: `Event` is EVENT. */
  readonly query?: Readonly<Record<string, string>>;
  /** 1 unless given. */
  readonly nth?: number;
  /** Before the request is answered; or after its answer, a good one, is made and before the client has it. */
  readonly when: 'arrives' | 'is-answered';
}

/** Something that happens while a run is under way. */
export interface Surprise {
  readonly at: Moment;
  readonly happens: readonly Happening[];
}

/** `run-beside`: another run of the client, on the same folders, begins and ends while this one waits for its answer. */
export type Happening = Action | { readonly kind: 'run-beside' };

/** The client runs, once. */
export interface RunStep {
  readonly kind: 'run';
  /** The node whose URL the client gets; the first unless given. */
  readonly node?: string;
  /** The token that it gets, where access control is on; the right one unless given. */
  readonly token?: string;
  readonly surprises?: readonly Surprise[];
  /** No file that the client writes in this run can have more bytes: a copy of a larger one breaks off in the middle. */
  readonly fileLimitBytes?: number;
}

export type Step = Action | RunStep;

/** A situation that a scenario claims to reach; whether it did is seen in the evidence. */
export interface Hazard {
  readonly id: string;
  readonly title: string;
  readonly isReached: (evidence: Evidence) => boolean;
  /** What a client declares not to do, and then need not come upon this: `no-open-segment`. */
  readonly waivedBy?: string;
}

export function hazard(id: string, title: string, isReached: Hazard['isReached']): Hazard {
  return { id, title, isReached };
}

/** Something that a situation needs of the server. A version that does not have it does not play the scenario. */
export interface Need {
  readonly isMetBy: (behaviour: Behaviour) => boolean;
  /** What is said of a version that does not meet it, behind its name: `has no replication groups`. */
  readonly otherwise: string;
}

/** A situation, as data. The id is stable: `area/situation`. */
export interface Scenario {
  readonly id: string;
  readonly title: string;
  /** Two sentences: what happens, and what a careless client gets wrong in it. */
  readonly story: string;
  readonly cluster: {
    readonly nodes?: number;
    readonly contexts?: readonly string[];
    /** Replication groups, where they are not one for each context with all nodes. */
    readonly groups?: readonly GroupOptions[];
    readonly rate?: number;
    readonly segmentSizeBytes?: number;
    readonly logSegmentSizeBytes?: number;
    /** Where the stores of a context begin, by its name: decimal digits. At 0 unless given. */
    readonly firstTokens?: Readonly<Record<string, string>>;
    /** Turns access control on; the client gets this token, which may do everything. */
    readonly token?: string;
    /** Tokens that may do less. */
    readonly tokens?: readonly TokenOptions[];
    /** Nodes whose event segments have another size, by name: their boundaries differ. */
    readonly nodeSegmentSizeBytes?: Readonly<Record<string, number>>;
  };
  /** Ways in which this cluster lists its files oddly. */
  readonly oddities?: readonly Oddity[];
  /** How much virtual time passes with what the client does. */
  readonly pace?: {
    /** For each request; 100 ms unless given. */
    readonly requestMs?: number;
    /** Of listed files, for each virtual second; 16 MiB unless given. */
    readonly copiedBytesPerSecond?: number;
  };
  /** Nothing unless given: every version plays it. */
  readonly needs?: readonly Need[];
  readonly steps: readonly Step[];
  readonly hazards: readonly Hazard[];
  /** Rules that must be judged here: none of them may stay inconclusive. Other rules are judged where they can be. */
  readonly rules: readonly string[];
}
