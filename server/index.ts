/// <reference types="node" preserve="true" />
import type { SimulatorOptions } from './config.ts';
import type { Observer } from './simulation/observer.ts';
import type { Simulator } from './start/simulator.ts';

/*
 * The door. What passes through it is light: commands that start no cluster must not wait for what does. What is heavy has a
 * door of its own: `shapes.ts`, `restored-node.ts`.
 */

export type { ClusterEvent, PushedFile } from './cluster/terms/cluster-event.ts';
export type {
  AcknowledgedChange,
  AcknowledgedTransaction,
  Ledger,
  TransactionLedger,
  TransactionVersion,
} from './cluster/writes/ledger.ts';
export { describeForeign } from './start/foreign-folder.ts';
export { AxonError, describeSystemFailure, isDiskFull } from './errors.ts';
export { formatExactJson } from './formats/exact-number.ts';
export {
  behaviourOf,
  behaviours,
  behaviourTable,
  editions,
  serverVersions,
  versionsOf,
  type Behaviour,
  type Edition,
  type ServerVersion,
} from './versions/behaviours.ts';
export type { SimulatorOptions } from './config.ts';
export { contextPathFault, resolveContextPath } from './options/context-path.ts';
export { OUTSIDE_MARK } from './simulation/observer.ts';
export { parseLimitedDuration } from './simulation/longest-duration.ts';
export { contextNameOf, dcbContextsIn, type ContextOptions } from './options/context-options.ts';
export type { GroupOptions } from './options/group-options.ts';
export type { TokenOptions } from './options/token-options.ts';
export type { UserOptions } from './options/user-options.ts';
export type { EventType, Role } from './formats/log-entry-data.ts';
export { isFaultFor, type Fault } from './simulation/faults.ts';
export { isPathLike, isQueryLike } from './simulation/request-pattern.ts';
export type { OptionFault } from './options/option-fault.ts';
export type { JournalEntry } from './simulation/request-journal.ts';
export type { ClusterState, MemberState, NodeState, StoreState } from './http/live/cluster-state.ts';
export type { Exchange, ObservedRequest, Observer, RefusedControl } from './simulation/observer.ts';
export type { Control, Group, Node, Simulator } from './start/simulator.ts';
export type {
  ConfiguredNames,
  ControlDbGroup,
  RestoredMember,
  RestoredNode,
  RestoredStore,
  RestoreOptions,
  StoredBlock,
} from './restored-node.ts';
export type { WrittenContent, WrittenFile, WrittenView } from './stores/written-files.ts';

/**
 * Starts a fake cluster and its HTTP servers in this process, and resolves once every node answers. Fails with an
 * AxonError: `bad-option`; `port-in-use`; or, on an existing folder, what the real server would not start with.
 */
export async function startSimulator(
  options: SimulatorOptions = {},
  observer: Observer | null = null,
): Promise<Simulator> {
  return (await import('./start/start.ts')).startSimulator(options, observer);
}
