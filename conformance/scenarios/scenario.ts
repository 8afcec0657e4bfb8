import type { Static } from 'typebox';
import type { Behaviour, Edition } from '../../server/index.ts';
import type { Evidence } from '../journal/evidence.ts';
import type { Oddity } from './oddities.ts';
import type * as schema from './scenario-schema.ts';

/** Something that happens to the cluster, or to the client. Durations as in the control API: `90s`, `31m`. */
export type Action = DeepReadonly<Static<typeof schema.Action>>;

/** Which request of a run sets something off. */
export type Moment = DeepReadonly<Static<typeof schema.Moment>>;

/** `run-beside`: another run of the client, on the same folders, begins and ends while this one waits for its answer. */
export type Happening = DeepReadonly<Static<typeof schema.Happening>>;

/** Something that happens while a run is under way. */
export type Surprise = DeepReadonly<Static<typeof schema.Surprise>>;

/** The client runs, once. */
export type RunStep = DeepReadonly<Static<typeof schema.Run>>;

export type Step = DeepReadonly<Static<typeof schema.Step>>;

type DeepReadonly<Value> = Value extends object ? { readonly [Key in keyof Value]: DeepReadonly<Value[Key]> } : Value;

/** A situation that a scenario claims to reach; whether it did is seen in the evidence. */
export interface Hazard {
  readonly id: string;
  readonly title: string;
  readonly isReached: (evidence: Evidence) => boolean;
  /** What a client declares not to do, and then need not come upon this: `no-open-segment`. */
  readonly waivedBy?: string;
  /** Whether this client has done nothing in which it could have come upon it: then it is neither reached nor missed. */
  readonly isSpared?: (evidence: Evidence) => boolean;
}

export function hazard(id: string, title: string, isReached: Hazard['isReached']): Hazard {
  return { id, title, isReached };
}

/** What a check plays all its scenarios with. */
export interface PlayedWith {
  readonly edition?: Edition;
  /** Whether the server names its files otherwise than they lie, and the client is told where that is. */
  readonly isPathMapped?: boolean;
}

/** Something that a situation needs of the server. A version that does not have it does not play the scenario. */
export interface Need {
  readonly isMetBy: (behaviour: Behaviour, played: Pick<PlayedWith, 'isPathMapped'>) => boolean;
  /** What is said of a version that does not meet it, behind its name: `has no replication groups`. */
  readonly otherwise: string;
}

/** A situation, as data. The id is stable: `area/situation`. */
export interface Scenario {
  readonly id: string;
  readonly title: string;
  /** Two sentences: what happens, and what a careless client gets wrong in it. */
  readonly story: string;
  readonly cluster: DeepReadonly<Static<typeof schema.ClusterOfScenario>>;
  /** Ways in which this cluster lists its files oddly. */
  readonly oddities?: readonly Oddity[];
  /** How much virtual time passes with what the client does. */
  readonly pace?: DeepReadonly<Static<typeof schema.Pace>>;
  /** Where TMPDIR of the client lies; beside its other folders unless given. Not applicable on a machine that has no such place. */
  readonly tmpdir?: 'other-file-system';
  /** Nothing unless given: every version plays it. */
  readonly needs?: readonly Need[];
  readonly steps: readonly Step[];
  readonly hazards: readonly Hazard[];
  /** Rules that must be judged here: none of them may stay inconclusive. Other rules are judged where they can be. */
  readonly rules: readonly string[];
}
