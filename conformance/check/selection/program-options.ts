import { Ajv } from 'ajv';
import { AxonError, editions, serverVersions } from '../../../server/index.ts';
import { describeFault, late, schemaFaultOf, Type } from '../../../server/shapes.ts';

/* What programs may be told, for those that no compiler has looked after. Limits of numbers are told by option-limits.ts. */

const Texts = Type.Array(Type.String());
/** What `os.userInfo()` gives has more. */
const User = Type.Object({ uid: Type.Integer({ minimum: 0 }), gid: Type.Integer({ minimum: 0 }) });
/** Functions, signals, what has a shape of its own. */
const Whatever = Type.Unsafe<unknown>({});

const shared = {
  client: Whatever,
  jobs: Whatever,
  serverVersion: Type.Enum([...serverVersions, 'all']),
  edition: Type.Enum([...editions]),
  timeoutMs: Whatever,
  capabilities: Texts,
  failOn: Type.Enum(['fail', 'warn']),
  restore: Whatever,
  environment: Whatever,
  signal: Whatever,
  serverRoot: Type.String({ minLength: 1 }),
  clientUser: User,
  source: Type.Enum(['read-only']),
  host: Type.String({ minLength: 1 }),
  contextPath: Type.String(),
};

const ofSuite = {
  ...shared,
  only: Texts,
  skip: Texts,
  seed: Type.Integer({ minimum: 0 }),
  expectedFailures: Texts,
  outDir: Type.String(),
  onStart: Whatever,
  onResult: Whatever,
  onLeftBehind: Whatever,
  onOldRemoved: Whatever,
};

const properties = {
  suite: ofSuite,
  check: {
    ...ofSuite,
    bail: Type.Integer({ minimum: 1 }),
    lastFailed: Whatever,
    shard: Type.Object({ index: Whatever, count: Whatever }),
  },
  explore: {
    ...shared,
    bail: Type.Integer({ minimum: 1 }),
    runs: Type.Integer({ minimum: 1 }),
    fromSeed: Type.Integer({ minimum: 0 }),
  },
} as const;

const functions = ['onStart', 'onResult', 'onLeftBehind', 'onOldRemoved'];

const shapes = {
  suite: late(() => shapeOf(properties.suite)),
  check: late(() => shapeOf(properties.check)),
  explore: late(() => shapeOf(properties.explore)),
};

function shapeOf(known: Readonly<Record<string, object>>): ReturnType<Ajv['compile']> {
  return new Ajv({ allErrors: true }).compile({ type: 'object', properties: known, additionalProperties: false });
}

/** Fails with `bad-option`, in one line, where an option is unknown or of another kind than it has to be. */
export function requireProgramOptions(of: keyof typeof shapes, options: unknown): void {
  if (typeof options !== 'object' || options === null) throw refused('an object of options is wanted, with a client');
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  if (!isClient(given['client'])) {
    throw refused('client: a command with its arguments is wanted, as in ["bash", "./my-backup.sh"], or a function');
  }
  const fits = shapes[of]();
  if (!fits(given)) throw refused(describeFault(schemaFaultOf(fits.errors, 'the options are not as they should be')));
  for (const name of functions) {
    if (given[name] !== undefined && typeof given[name] !== 'function') throw refused(`${name}: a function is wanted`);
  }
  const { signal, restore, environment, lastFailed, jobs, timeoutMs } = given;
  for (const [name, value] of Object.entries({ jobs, timeoutMs })) {
    if (value !== undefined && typeof value !== 'number') throw refused(`${name}: a number is wanted`);
  }
  if (signal !== undefined && !isSignal(signal)) throw refused('signal: an AbortSignal is wanted');
  if (restore !== undefined && typeof restore !== 'string' && typeof restore !== 'function') {
    throw refused('restore: a command or a function is wanted');
  }
  if (environment !== undefined && !isObject(environment)) throw refused('environment: an object of texts is wanted');
  if (lastFailed !== undefined && !(isObject(lastFailed) && Array.isArray(lastFailed['scenarios']))) {
    throw refused('lastFailed: a report is wanted; parseJsonReport reads one from the text of a JSON report');
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Also one that is none of this Node's own. */
function isSignal(value: unknown): boolean {
  return isObject(value) && typeof value['aborted'] === 'boolean' && typeof value['addEventListener'] === 'function';
}

function isClient(client: unknown): boolean {
  if (typeof client === 'function') return true;
  return Array.isArray(client) && client.length > 0 && client.every((word) => typeof word === 'string');
}

function refused(why: string): AxonError {
  return new AxonError('bad-option', why);
}
