import { EventEmitter } from 'node:events';
import type { ClusterEvent } from '../cluster/terms/cluster-event.ts';

/** Whoever wants to hear of a simulation: what happens in its cluster, that its files are up to date, what fails. */
export class Listeners {
  readonly #events = new EventEmitter<{ cluster: [ClusterEvent]; settled: [number]; trouble: [Error] }>();

  constructor() {
    this.#events.setMaxListeners(0);
  }

  /** Calls `listener` for each thing that happens in the cluster; the result ends that. */
  onClusterEvent(listener: (event: ClusterEvent) => void): () => void {
    this.#events.on('cluster', listener);
    return () => this.#events.off('cluster', listener);
  }

  /** Calls `listener` with the virtual time whenever the clock has moved and all files are up to date. */
  onSettled(listener: (nowMs: number) => void): () => void {
    this.#events.on('settled', listener);
    return () => this.#events.off('settled', listener);
  }

  /** Calls `listener` for failures that no caller waits for; the result ends that. */
  onTrouble(listener: (error: Error) => void): () => void {
    this.#events.on('trouble', listener);
    return () => this.#events.off('trouble', listener);
  }

  /** Tells those who listen of a failure that no caller waits for. */
  report(error: unknown): void {
    this.#events.emit('trouble', error instanceof Error ? error : new Error(String(error)));
  }

  protected tellEvent(event: ClusterEvent): void {
    this.#events.emit('cluster', event);
  }

  protected tellSettled(nowMs: number): void {
    this.#events.emit('settled', nowMs);
  }
}
