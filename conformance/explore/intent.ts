import type { Fault } from '../../server/index.ts';
import type { AskedFor } from './asked-for.ts';

/**
 * What somebody may want to happen, in numbers that fit any cluster: nodes and contexts are counted round. Whether it can
 * happen there and then is for whoever makes a schedule of it (schedule.ts); so an intent stays good while others around it
 * are left out, and shrinking never makes a step that cannot be.
 */
export type Intent =
  | { readonly kind: 'advance'; readonly by: string }
  | {
      readonly kind: 'append';
      readonly context: number;
      readonly isSnapshot: boolean;
      readonly transactions: number;
      readonly eventsPerTransaction: number;
    }
  | { readonly kind: 'roll'; readonly context: number; readonly isSnapshot: boolean }
  | { readonly kind: 'clean-log'; readonly node: number; readonly group: number; readonly isAll: boolean }
  | { readonly kind: 'stop' | 'crash' | 'start'; readonly node: number }
  | { readonly kind: 'lag'; readonly node: number; readonly by: string }
  | { readonly kind: 'stall-apply'; readonly node: number; readonly for: string }
  | { readonly kind: 'faults'; readonly rules: readonly Fault[] }
  | { readonly kind: 'clear-faults' }
  | { readonly kind: 'hide-segment'; readonly node: number; readonly context: number; readonly isSnapshot: boolean }
  | { readonly kind: 'show-segments' }
  | { readonly kind: 'transform'; readonly context: number; readonly from: number; readonly length: number }
  | { readonly kind: 'compact'; readonly context: number }
  | { readonly kind: 'kill-client'; readonly isAsked: boolean }
  | { readonly kind: 'run-beside' };

/** Which request of a run sets something off. */
export interface Trigger {
  readonly request: AskedFor;
  readonly nth: number;
  readonly isAnswered: boolean;
}

export type RunIntent = {
  readonly kind: 'run';
  readonly node: number;
  /** 0 is the right one. */
  readonly token: number;
  readonly isDiskFull: boolean;
  /** Whether the zip lies where nothing is mounted for the client. */
  readonly isZipUnmounted: boolean;
  /** Trouble that this run meets, and none behind it. */
  readonly faults: readonly Fault[] | null;
  /** Whether the node that it asks has that trouble, and no other one. */
  readonly isOfAskedNodeAlone: boolean;
  readonly surprises: ReadonlyArray<{ readonly at: Trigger; readonly happens: readonly Intent[] }>;
};

export type StepIntent = Intent | RunIntent;

/** By which of the kinds an intent goes. */
export function kindOf({ kind }: Intent): string {
  return kind === 'stop' || kind === 'crash' || kind === 'start' ? 'node-goes-down' : kind;
}
