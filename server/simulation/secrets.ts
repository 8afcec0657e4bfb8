import type { ResolvedOptions } from '../config.ts';

/** Stands for what nobody shall read. */
const STRUCK = '***';

/** Below this a secret is struck out only where it is all of a value or of a part of a path: `1` stands in many texts. */
const SHORTEST_FOUND_ANYWHERE = 4;

const TOKEN_NAME = /axoniq[-_]?access[-_]?token/i;

/**
 * The name under which the server takes a token, and what follows it: in a path, in the name of a parameter, or within the
 * value of another one, encoded as often as anybody likes.
 */
const named =
  /(axoniq[-_]?access[-_]?token(?:["']|%(?:25)*2[27])?(?:[\s+]|%(?:25)*20)*(?:[=:/]|%(?:25)*(?:3d|3a|2f))(?:[\s+"']|%(?:25)*2[027])*)[^&;,/?#\s"']+/gi;

/** What a request asks for, as far as somebody reads it later. */
export interface Asked {
  readonly path: string;
  readonly query: Readonly<Record<string, string | readonly string[]>>;
}

/**
 * Strikes secrets out of what a client has sent: whatever stands under the name that the server takes a token by, good or
 * not, and each of the cluster's own secrets wherever it stands, in whatever encoding a URL may have it.
 */
export class Secrets {
  readonly #known: RegExp | null;

  /** `known` are the tokens and passwords of the cluster. */
  constructor(known: readonly string[] = []) {
    const patterns = known.filter((secret) => secret !== '').map(patternOf);
    this.#known = patterns.length === 0 ? null : new RegExp(patterns.join('|'), 'giu');
  }

  strikeOut({ path, query }: Asked): Asked {
    return {
      path: this.#strike(path),
      query: Object.fromEntries(Object.entries(query).map(([name, value]) => this.#strikeParameter(name, value))),
    };
  }

  #strikeParameter(name: string, value: string | readonly string[]): [string, string | readonly string[]] {
    const shown = this.#strike(name);
    if (TOKEN_NAME.test(name)) return [shown, STRUCK];
    return [shown, typeof value === 'string' ? this.#strike(value) : value.map((each) => this.#strike(each))];
  }

  #strike(text: string): string {
    const withoutKnown = this.#known === null ? text : text.replace(this.#known, STRUCK);
    return withoutKnown.replace(named, `$1${STRUCK}`);
  }
}

/** The tokens and passwords that a cluster is started with, and how the latter go over the wire. */
export function secretsOf({ token, tokens, users }: ResolvedOptions): string[] {
  return [
    token ?? '',
    ...tokens.map((each) => each.token),
    ...users.flatMap(({ name, password }) => [password, Buffer.from(`${name}:${password}`).toString('base64')]),
  ];
}

/** Matches a secret with any of its characters as they are or escaped, also more than once. */
function patternOf(secret: string): string {
  const pattern = [...secret].map(patternOfCharacter).join('');
  if (secret.length >= SHORTEST_FOUND_ANYWHERE) return pattern;
  return `(?<![^/=:&;,])${pattern}(?![^/=:&;,])`;
}

function patternOfCharacter(character: string): string {
  const escaped = [...Buffer.from(character, 'utf8')].map((byte) => `%(?:25)*${byte.toString(16).padStart(2, '0')}`);
  const plain = `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  return `(?:${plain}|${escaped.join('')}${character === ' ' ? String.raw`|\+` : ''})`;
}
