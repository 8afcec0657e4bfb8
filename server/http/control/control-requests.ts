import { Type, type Static, type TSchema } from '../../schema-type.ts';
import type { AppendRequest } from '../../cluster/writes/workload.ts';
import { AxonError } from '../../errors.ts';
import { Fault } from '../../simulation/faults.ts';
import { LONGEST_DURATION_MS } from '../../simulation/longest-duration.ts';
import { describeMismatch } from '../asked/schema-mismatch.ts';
import { compileSchema } from '../asked/validation.ts';

/*
 * What the control API takes: of the bodies under /_sim, and of the same calls within a program. Whatever one door refuses
 * the other one refuses, with the same words.
 */

const MOST_EVENTS_PER_CALL = 1_000_000;

export const Advance = Type.Object(
  { by: Type.String({ description: 'a duration: 90s, 31m, 2h', examples: ['31m'] }) },
  { additionalProperties: false },
);

const EventTypeName = Type.Enum(['EVENT', 'SNAPSHOT'], { default: 'EVENT' });

export const Append = Type.Object(
  {
    transactions: Type.Integer({ minimum: 1, maximum: 1_000_000, default: 1 }),
    eventsPerTransaction: Type.Integer({ minimum: 1, maximum: 100_000, default: 1 }),
    payloadBytes: Type.Integer({ minimum: 0, maximum: 16 * 1024 ** 2, default: 200 }),
    type: EventTypeName,
  },
  { additionalProperties: false },
);

export const Roll = Type.Object({ type: EventTypeName }, { additionalProperties: false });

export const Transform = Type.Object(
  {
    firstToken: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
    lastToken: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  },
  { additionalProperties: false },
);

export const Migrate = Type.Object({}, { additionalProperties: false });

export const Compact = Type.Object({}, { additionalProperties: false });

export const CleanLog = Type.Object(
  { group: Type.String({ default: 'default' }), olderThan: Type.String({ default: '0s' }) },
  { additionalProperties: false },
);

export const Delay = Type.Object({ by: Type.String({ examples: ['5s'] }) }, { additionalProperties: false });

export const Stall = Type.Object({ for: Type.String({ examples: ['1h'] }) }, { additionalProperties: false });

export const FaultRules = Type.Object({ rules: Type.Array(Fault) }, { additionalProperties: false });

/** Within a program, durations are whole milliseconds. */
const Milliseconds = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const LimitedMilliseconds = Type.Integer({ minimum: 0, maximum: LONGEST_DURATION_MS });

/** Of a program: the request with its defaults. Fails with `bad-request`. */
export function readAppend(request: unknown): AppendRequest {
  return checkAppend(read(Append, request, 'append'));
}

/** Fails with `bad-request` where it is too much for one call. */
export function checkAppend(request: Static<typeof Append>): AppendRequest {
  if (request.transactions * request.eventsPerTransaction <= MOST_EVENTS_PER_CALL) return request;
  throw new AxonError('bad-request', `${MOST_EVENTS_PER_CALL} events at most in one call`);
}

export function readRoll(request: unknown): Static<typeof Roll> {
  return read(Roll, request, 'roll');
}

/** Tokens of a program are bigints; the same range as that of numbers in JSON. */
export function readTransform(tokens: unknown): { readonly firstToken: bigint; readonly lastToken: bigint } {
  const isObject = typeof tokens === 'object' && tokens !== null;
  const asNumbers = isObject
    ? Object.fromEntries(
        Object.entries(tokens).map(([name, token]) => [name, typeof token === 'bigint' ? Number(token) : token]),
      )
    : tokens;
  const { firstToken, lastToken } = read(Transform, asNumbers, 'tokens');
  return { firstToken: BigInt(firstToken), lastToken: BigInt(lastToken) };
}

export function readFaultRules(rules: unknown): readonly Fault[] {
  return read(FaultRules, { rules }, 'rules').rules;
}

/** `name` is what the duration is for. */
export function readMilliseconds(value: unknown, name: string): number {
  return read(Milliseconds, value, name);
}

/** A hundred days at most. */
export function readLimitedMilliseconds(value: unknown, name: string): number {
  return read(LimitedMilliseconds, value, name);
}

/** A copy, in which defaults are filled in; the caller's own stays as it is. */
function read<Schema extends TSchema>(schema: Schema, value: unknown, part: string): Static<Schema> {
  const copy: unknown = typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : value;
  const validate = compileSchema({ schema });
  if (validate(copy)) return copy as Static<Schema>;
  throw new AxonError('bad-request', describeMismatch(validate.errors ?? [], part));
}
