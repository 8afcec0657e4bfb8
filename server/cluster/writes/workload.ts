import type { EventType } from '../../formats/log-entry-data.ts';
import type { VirtualClock } from '../../time-and-chance/clock.ts';
import type { RandomStream } from '../../time-and-chance/random.ts';
import type { ConfigurationChange } from '../terms/log-payload.ts';
import { SyntheticEvents, type SyntheticTransaction } from './synthetic-events.ts';

/** Mean number of transactions between two snapshots. */
const TRANSACTIONS_PER_SNAPSHOT = 50;
/** Mean time between two changes of the configuration. */
const CONFIGURATION_CHANGE_MS = 10 * 60 * 1000;
const PAUSE_MS = 1000;

/** What the workload asks of the cluster. */
export interface WorkloadTarget {
  /** The node that leads the context's group, or null while nobody does. */
  leaderOf(context: string): string | null;
  append(context: string, transaction: SyntheticTransaction): void;
  /** False for a context that has events alone. */
  hasSnapshots(context: string): boolean;
  /** False while there is nobody to take the change. */
  changeConfiguration(change: ConfigurationChange): boolean;
  /** Why nothing must be written now, or null. */
  reasonToPause(): string | null;
  pausedChanged(reason: string | null): void;
}

export interface WorkloadOptions {
  readonly clock: VirtualClock;
  readonly target: WorkloadTarget;
  readonly contexts: readonly string[];
  /** Transactions per virtual second and context; 0 writes none. */
  readonly rate: number;
  /** Bytes of each payload; null for seeded sizes around 200. */
  readonly payloadBytes: number | null;
  readonly random: (name: string) => RandomStream;
  /** Begins every aggregate identifier. */
  readonly prefix: string;
}

/**
 * What the cluster's own applications write while virtual time passes: transactions at random (Poisson) times, a
 * snapshot now and then, and in `_admin` a change of applications and users every ten minutes or so.
 */
export class Workload {
  readonly #options: WorkloadOptions;
  #pausedFor: string | null = null;

  constructor(options: WorkloadOptions) {
    this.#options = options;
  }

  get pausedFor(): string | null {
    return this.#pausedFor;
  }

  start(): void {
    if (this.#options.rate === 0) return;
    for (const context of this.#options.contexts) this.#startContext(context);
    this.#startConfigurationChanges();
  }

  #startContext(context: string): void {
    const { clock, target, rate, prefix } = this.#options;
    const random = this.#options.random(`workload/${context}`);
    const events = new SyntheticEvents({ context, random: this.#options.random(`events/${context}`), prefix });
    const meanGapMs = 1000 / rate;
    let exactMs = clock.nowMs;
    const next = (): void => {
      exactMs = Math.max(exactMs + random.exponential(meanGapMs), clock.nowMs);
      clock.at(Math.round(exactMs), write);
    };
    const write = (): void => {
      if (this.#isPaused()) {
        clock.after(PAUSE_MS, write);
        return;
      }
      const node = target.leaderOf(context);
      try {
        if (node !== null) {
          const isSnapshot = random.integer(1, TRANSACTIONS_PER_SNAPSHOT) === 1;
          const payloadBytes = this.#options.payloadBytes ?? random.integer(50, 350);
          target.append(context, events.transaction(node, clock.nowMs, 1, payloadBytes));
          if (isSnapshot && target.hasSnapshots(context))
            target.append(context, events.snapshots(node, clock.nowMs, 1, payloadBytes));
        }
      } finally {
        // An append that fails, as on a full disk, is not the last one.
        next();
      }
    };
    next();
  }

  #startConfigurationChanges(): void {
    const { clock, target } = this.#options;
    const random = this.#options.random('workload/_admin');
    const changes = new ConfigurationChanges(random, this.#options.contexts, this.#options.prefix);
    const change = (): void => {
      try {
        if (!this.#isPaused()) target.changeConfiguration(changes.next());
      } finally {
        clock.after(Math.round(random.exponential(CONFIGURATION_CHANGE_MS)), change);
      }
    };
    clock.after(Math.round(random.exponential(CONFIGURATION_CHANGE_MS)), change);
  }

  #isPaused(): boolean {
    const reason = this.#options.target.reasonToPause();
    const isChange = (reason === null) !== (this.#pausedFor === null);
    this.#pausedFor = reason;
    if (isChange) this.#options.target.pausedChanged(reason);
    return reason !== null;
  }
}

/** A plausible history of applications and users: they come, change their roles, and some go. */
class ConfigurationChanges {
  readonly #random: RandomStream;
  readonly #contexts: readonly string[];
  readonly #prefix: string;
  readonly #applications: string[] = [];
  #created = 0;

  constructor(random: RandomStream, contexts: readonly string[], prefix: string) {
    this.#random = random;
    this.#contexts = contexts;
    this.#prefix = prefix;
  }

  next(): ConfigurationChange {
    const kind = this.#random.integer(1, 6);
    if (kind === 1 && this.#applications.length > 3) {
      return { type: 'DELETE_APPLICATION', name: this.#applications.shift() ?? '' };
    }
    const roles = [{ context: this.#pickContext(), role: 'USE_CONTEXT' }];
    const name = `${this.#prefix}-${kind <= 4 ? 'application' : 'user'}-${++this.#created}`;
    if (kind <= 4) {
      this.#applications.push(name);
      const hashedToken = this.#random.uuid();
      const tokenPrefix = this.#random.uuid().slice(0, 8);
      return { type: 'ADMIN_APPLICATION', name, description: 'made by the workload', tokenPrefix, hashedToken, roles };
    }
    return { type: 'ADMIN_USER', name, hashedPassword: this.#random.uuid(), roles };
  }

  #pickContext(): string {
    return this.#contexts[this.#random.integer(0, this.#contexts.length - 1)] ?? 'default';
  }
}

/** What the control API asks to be appended. */
export interface AppendRequest {
  readonly transactions: number;
  readonly eventsPerTransaction: number;
  readonly payloadBytes: number;
  readonly type: EventType;
}
