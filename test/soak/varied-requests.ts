import type { RandomStream } from '../../server/time-and-chance/random.ts';

/** One request of a client that asks for anything. */
export interface VariedRequest {
  /** What is said of it in the table: one word. */
  readonly kind: string;
  readonly method: string;
  /** As it goes over the wire. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether the client leaves as soon as it has asked. */
  readonly isAbandoned: boolean;
}

const LISTINGS = '/v1/backup';

/** Beyond this a head is refused by Node.js itself, and its connection closed. */
const LONGEST_HEAD = 60_000;

/** How often each kind is asked for, out of a hundred. */
const kinds: ReadonlyArray<
  readonly [kind: string, share: number, make: (random: RandomStream) => Partial<VariedRequest>]
> = [
  ['backup', 8, () => ({ method: 'POST', target: `${LISTINGS}/createControlDbBackup` })],
  [
    'filenames',
    20,
    (random) => ({ target: `${LISTINGS}/filenames?${listing(random, 'lastSegmentBackedUp')}&context=default` }),
  ],
  [
    'eventstore',
    15,
    (random) => ({ target: `${LISTINGS}/eventstore?${listing(random, 'lastClosedSegmentBackedUp')}` }),
  ],
  [
    'log',
    15,
    (random) => ({ target: `${LISTINGS}/log/filenames?context=${pick(random, ['default', '_admin', 'unknown'])}` }),
  ],
  [
    'public',
    5,
    (random) => ({ target: `/v1/public/${pick(random, ['me', 'context', 'replicationgroups', 'nothing'])}` }),
  ],
  [
    'head',
    2,
    (random) => ({ method: pick(random, ['HEAD', 'OPTIONS', 'DELETE']), target: `${LISTINGS}/filenames?type=EVENT` }),
  ],
  ['long path', 8, (random) => ({ target: `/v1/${text(random, random.integer(1000, 7000))}/${random.uuid()}` })],
  [
    'long values',
    12,
    (random) => ({ target: `${LISTINGS}/filenames?type=EVENT&context=${longText(random)}&then=${longText(random)}` }),
  ],
  [
    'beyond the limit',
    4,
    (random) => ({
      target: `${LISTINGS}/filenames?type=EVENT&context=${text(random, random.integer(9000, LONGEST_HEAD))}`,
    }),
  ],
  [
    'many parameters',
    4,
    (random) => ({ target: `${LISTINGS}/filenames?${parameters(random, random.integer(50, 400))}` }),
  ],
  [
    'long header',
    3,
    (random) => ({
      target: `${LISTINGS}/filenames?type=EVENT`,
      headers: { 'x-long': text(random, random.integer(1000, 50_000)) },
    }),
  ],
  ['many headers', 3, (random) => ({ target: '/v1/public/me', headers: headers(random, random.integer(20, 150)) })],
  [
    'abandoned',
    3,
    (random) => ({ target: `${LISTINGS}/eventstore?type=EVENT&x=${text(random, 2000)}`, isAbandoned: true }),
  ],
];

/** The next request; the same stream of chance gives the same ones. */
export function nextRequest(random: RandomStream): VariedRequest {
  const all = kinds.reduce((sum, [, share]) => sum + share, 0);
  let at = random.integer(1, all);
  for (const [kind, share, make] of kinds) {
    at -= share;
    if (at > 0) continue;
    return { kind, method: 'GET', target: '/', headers: {}, isAbandoned: false, ...make(random) };
  }
  throw new Error('shares add up to less than their sum');
}

/**
 * Whether a server that is well answers a request of this kind with this status, 0 for no answer: with no failure of its own,
 * but for a log that does not exist; a client that leaves has no answer.
 */
export function isExpected(kind: string, status: number): boolean {
  if (kind === 'abandoned') return true;
  return status > 0 && (status < 500 || (kind === 'log' && status === 500));
}

/** The names of all kinds, in the order of the table. */
export const requestKinds: readonly string[] = kinds.map(([kind]) => kind);

function listing(random: RandomStream, cursor: string): string {
  const type = pick(random, ['EVENT', 'SNAPSHOT', 'Event', 'nonsense']);
  return `type=${type}&${cursor}=${pick(random, ['-1', '0', '500', '999999999', 'x'])}`;
}

function parameters(random: RandomStream, count: number): string {
  return Array.from({ length: count }, (_, place) => `p${place}=${random.uint32()}`).join('&');
}

function headers(random: RandomStream, count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, place) => [`x-${place}`, random.uuid()]));
}

/** Two of them are within what a head may have. */
function longText(random: RandomStream): string {
  return text(random, random.integer(500, 3500));
}

/** Letters, or now and then escaped ones of another script, which take two bytes in a text once they are decoded. */
function text(random: RandomStream, length: number): string {
  const piece = pick(random, ['abcdefgh', 'lorem-ipsum-', '%E6%97%A5', '%C3%A9']);
  return `${random.uuid()}${piece.repeat(Math.ceil(length / piece.length))}`;
}

function pick<Item>(random: RandomStream, items: readonly [Item, ...Item[]]): Item {
  return items[random.integer(0, items.length - 1)] ?? items[0];
}
