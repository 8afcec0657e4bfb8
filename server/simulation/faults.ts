import { Type, type Static } from '../schema-type.ts';
import { parseLimitedDuration } from './longest-duration.ts';
import { isPathLike, isQueryLike } from './request-pattern.ts';

/** Which requests a fault strikes; what is left out matches everything. */
const FaultMatch = Type.Object(
  {
    method: Type.Optional(Type.String({ description: 'GET, POST, HEAD' })),
    path: Type.Optional(Type.String({ description: 'exact, or with * for any characters: /v1/backup/*' })),
    query: Type.Optional(Type.Record(Type.String(), Type.String(), { description: 'parameters that must be there' })),
    node: Type.Optional(Type.String({ description: 'name of the node that is called' })),
    nth: Type.Optional(Type.Integer({ minimum: 1, description: 'strike from the nth matching request on' })),
  },
  { additionalProperties: false },
);

/** What happens to it. */
const FaultAction = Type.Object(
  {
    status: Type.Optional(Type.Integer({ minimum: 400, maximum: 599 })),
    delay: Type.Optional(Type.String({ description: 'a duration: 5s; 100d at most' })),
    reset: Type.Optional(Type.Literal(true, { description: 'the connection ends without an answer' })),
    truncateAt: Type.Optional(
      Type.Integer({ minimum: 0, description: 'bytes of the body before the connection ends' }),
    ),
    cut: Type.Optional(
      Type.Union([Type.Literal('half'), Type.Literal('last-byte')], {
        description: 'what of the body is missing when the connection ends: however short it is, something is',
      }),
    ),
    body: Type.Optional(Type.String({ description: 'sent instead of the real body' })),
  },
  { additionalProperties: false, minProperties: 1 },
);

export const Fault = Type.Object(
  {
    match: FaultMatch,
    do: FaultAction,
    times: Type.Optional(Type.Integer({ minimum: 0, description: 'how often; 1 unless given, 0 without end' })),
  },
  { additionalProperties: false },
);
export type Fault = Static<typeof Fault>;
export type FaultAction = Static<typeof FaultAction>;

export interface FaultedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, unknown>>;
  readonly node: string;
}

interface PlannedFault {
  readonly rule: Fault;
  matched: number;
  fired: number;
}

/** Planned trouble with requests, in the order of the rules: the first that strikes a request is the one. */
export class FaultPlan {
  #planned: PlannedFault[] = [];
  readonly #listeners = new Set<() => void>();

  /** Fails with `bad-option` or `bad-request`, and keeps the old rules, where a delay is no duration or too long. */
  replace(rules: readonly Fault[]): void {
    for (const [place, { do: action }] of rules.entries()) {
      if (action.delay !== undefined) parseLimitedDuration(action.delay, `rules[${place}].do.delay:`);
    }
    this.#planned = rules.map((rule) => ({ rule, matched: 0, fired: 0 }));
    this.#tell();
  }

  clear(): void {
    this.#planned = [];
    this.#tell();
  }

  /** Calls `listener` whenever the rules are others, or one has fired; the result ends that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** How many rules there are. */
  get size(): number {
    return this.#planned.length;
  }

  /** The rules, each with how often it has fired. */
  list(): ReadonlyArray<Fault & { readonly fired: number }> {
    return this.#planned.map(({ rule, fired }) => ({ ...rule, fired }));
  }

  /** What strikes this request, or null; counts it. */
  strike(request: FaultedRequest): FaultAction | null {
    for (const planned of this.#planned) {
      const { match, do: action, times = 1 } = planned.rule;
      if (!isFaultFor(match, request)) continue;
      planned.matched++;
      if (planned.matched < (match.nth ?? 1) || (times > 0 && planned.fired >= times)) continue;
      planned.fired++;
      this.#tell();
      return action;
    }
    return null;
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** Whether a rule is for a request, wherever that stands among those that it is for. */
export function isFaultFor(match: Fault['match'], request: FaultedRequest): boolean {
  if (match.method !== undefined && match.method.toUpperCase() !== request.method) return false;
  if (match.node !== undefined && match.node !== request.node) return false;
  if (match.path !== undefined && !isPathLike(match.path, request.path)) return false;
  return isQueryLike(match.query, request.query);
}

/** Bytes of a body of `lengthBytes` that a fault lets through; null where it lets all of them through. */
export function bytesLetThrough({ truncateAt, cut }: FaultAction, lengthBytes: number): number | null {
  if (truncateAt !== undefined) return truncateAt < lengthBytes ? truncateAt : null;
  if (cut === undefined || lengthBytes === 0) return null;
  return cut === 'half' ? Math.floor(lengthBytes / 2) : lengthBytes - 1;
}

/** For the journal: what a fault does, in a few words. */
export function describeFault(action: FaultAction): string {
  return Object.entries(action)
    .map(([name, value]) => (name === 'body' ? 'body' : value === true ? name : `${name} ${value}`))
    .join(', ');
}
