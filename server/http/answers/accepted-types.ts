import type { FastifyRequest } from 'fastify';
import type { Behaviour } from '../../versions/behaviours.ts';

/*
 * What a client accepts, and what it is given, as the server's framework finds it: a list of what it can produce against
 * a list of what is accepted, the most specific first, and weights only between what is as specific. A weight of 0 does
 * not forbid. Pure but for reading the header.
 */

interface MediaType {
  readonly type: string;
  readonly subtype: string;
  /** In order, the weight not among them. */
  readonly parameters: ReadonlyArray<readonly [name: string, value: string]>;
  readonly weight: number;
}

const everything: MediaType = { type: '*', subtype: '*', parameters: [], weight: 1 };

export const JSON_TYPE = 'application/json';
const HTML_TYPE = 'text/html';
/** What the framework can write an object as, and a text. */
const objectTypes = [JSON_TYPE, 'application/*+json'];
const textTypes = ['text/plain', '*/*', ...objectTypes];

/** The content type of JSON for this client; null where it takes none. `own` is the type of an endpoint that has one. */
export function jsonTypeFor(request: FastifyRequest, behaviour: Behaviour, own?: string): string | null {
  const chosen = choose(request, own === undefined ? objectTypes : [own, JSON_TYPE]);
  if (chosen === null) return null;
  const charset = charsetOf(chosen);
  if (charset !== null && !behaviour.takesAnyCharset && !/^(utf-(8|16|32)(be|le)?|us-ascii)$/i.test(charset))
    return null;
  return format(chosen) + (charset === null && behaviour.addsCharset ? ';charset=UTF-8' : '');
}

/** The content type of bare text for this client, whatever that is; null where it accepts nothing that there is. */
export function textTypeFor(request: FastifyRequest, behaviour: Behaviour): string | null {
  const chosen = choose(request, textTypes);
  if (chosen === null) return null;
  const isJson = chosen.type === 'application' && /^(json|.*\+json)$/.test(chosen.subtype);
  const isBare = charsetOf(chosen) !== null || (isJson && !behaviour.addsCharset);
  return format(chosen) + (isBare ? '' : ';charset=UTF-8');
}

/** Whether a failure is told as a page: for who names HTML, and be it with a lesser weight. */
export function wantsPage(request: FastifyRequest): boolean {
  const html = mediaTypeOf(HTML_TYPE);
  return (
    acceptedTypes(request)?.some((each) => each.type !== '*' && html !== null && isCompatible(each, html)) ?? false
  );
}

/** Whether one of these is accepted by name; that everything is accepted does not count. */
export function namesOneOf(request: FastifyRequest, types: readonly string[]): boolean {
  const accepted = acceptedTypes(request) ?? [];
  return accepted.some((each) => each.type !== '*' && types.some((type) => isCompatibleWith(each, type)));
}

/** Whether everything is accepted, said in so many words or by saying nothing. */
export function acceptsEverything(request: FastifyRequest): boolean {
  return acceptedTypes(request)?.some(({ type, weight }) => type === '*' && weight === 1) ?? false;
}

function choose(request: FastifyRequest, producible: readonly string[]): MediaType | null {
  const accepted = acceptedTypes(request);
  if (accepted === null) return null;
  const candidates = accepted.flatMap((each) =>
    producible.flatMap((name) => {
      const type = mediaTypeOf(name);
      return type !== null && isCompatible(each, type) ? [moreSpecific(each, { ...type, weight: each.weight })] : [];
    }),
  );
  const sorted = candidates.toSorted(compareTypes);
  return sorted.find(({ type, subtype }) => type !== '*' && !isWildcard(subtype)) ?? null;
}

/** Null where the header cannot be read. */
function acceptedTypes({ headers: { accept = '' } }: FastifyRequest): readonly MediaType[] | null {
  const parts = accept.split(',').filter((part) => part.trim() !== '');
  if (parts.length === 0) return [everything];
  const types = parts.map(mediaTypeOf);
  return types.includes(null) ? null : (types as MediaType[]).toSorted(compareTypes);
}

function mediaTypeOf(text: string): MediaType | null {
  const [full = '', ...rest] = text.split(';');
  const [type = '', subtype = '', ...more] = (full.trim() === '*' ? '*/*' : full.trim().toLowerCase()).split('/');
  const isToken = /^[\w!#$%&'*+.^`|~-]+$/;
  if (!isToken.test(type) || !isToken.test(subtype) || more.length > 0) return null;
  if (type === '*' && subtype !== '*') return null;
  const parameters = rest.flatMap((part) => {
    const [name = '', value = ''] = part.split('=');
    return value === '' ? [] : [[name.trim(), value.trim()] as const];
  });
  const weightText = parameters.find(([name]) => name.toLowerCase() === 'q')?.[1] ?? '1';
  if (!/^(0(\.\d*)?|1(\.0*)?)$/.test(weightText)) return null;
  return {
    type,
    subtype,
    parameters: parameters.filter(([name]) => name.toLowerCase() !== 'q'),
    weight: Number(weightText),
  };
}

function isCompatibleWith(accepted: MediaType, name: string): boolean {
  const type = mediaTypeOf(name);
  return type !== null && isCompatible(accepted, type);
}

function isCompatible(left: MediaType, right: MediaType): boolean {
  if (left.type === '*' || right.type === '*') return true;
  if (left.type !== right.type) return false;
  if (left.subtype === right.subtype || left.subtype === '*' || right.subtype === '*') return true;
  return fitsSuffix(left.subtype, right.subtype) || fitsSuffix(right.subtype, left.subtype);
}

/** `*+json` stands for `hal+json`, and for `json` itself. */
function fitsSuffix(wildcard: string, subtype: string): boolean {
  if (!wildcard.startsWith('*+')) return false;
  const suffix = wildcard.slice(2);
  return subtype === suffix || subtype.endsWith(`+${suffix}`);
}

function isWildcard(subtype: string): boolean {
  return subtype === '*' || subtype.startsWith('*+');
}

function moreSpecific(accepted: MediaType, producible: MediaType): MediaType {
  return compareSpecificity(accepted, producible) <= 0 ? accepted : producible;
}

function compareTypes(left: MediaType, right: MediaType): number {
  return compareSpecificity(left, right) || right.weight - left.weight;
}

function compareSpecificity(left: MediaType, right: MediaType): number {
  const byType = Number(left.type === '*') - Number(right.type === '*');
  if (byType !== 0 || left.type !== right.type) return byType;
  const bySubtype = Number(isWildcard(left.subtype)) - Number(isWildcard(right.subtype));
  if (bySubtype !== 0 || left.subtype !== right.subtype) return bySubtype;
  return right.weight - left.weight || right.parameters.length - left.parameters.length;
}

function charsetOf({ parameters }: MediaType): string | null {
  return parameters.find(([name]) => name.toLowerCase() === 'charset')?.[1].replaceAll('"', '') ?? null;
}

function format({ type, subtype, parameters }: MediaType): string {
  return [`${type}/${subtype}`, ...parameters.map(([name, value]) => `${name}=${value}`)].join(';');
}
