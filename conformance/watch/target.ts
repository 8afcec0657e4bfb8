import { Agent, request, type Dispatcher } from 'undici';
import { AxonError, type Node, type Role } from '../../server/index.ts';
import { trustedCertificates } from './certificates.ts';

/** A server that somebody operates. */
export interface Target {
  /** `https://axon.example:8024`. */
  readonly origin: string;
  /** What stands before every path of its: `/axonserver-1`, or nothing. */
  readonly basePath: string;
  readonly dispatcher: Dispatcher;
}

/** What it tells of itself. */
export interface TargetFacts {
  readonly node: string;
  /** Contexts whose events it stores. */
  readonly contexts: readonly string[];
  /** Null where it does not tell: the caller may not ask, or the release has no such page. */
  readonly groups: readonly string[] | null;
  /** Its role in each of them; empty where that is not told. */
  readonly roles: Node['roles'];
  readonly hasAccessControl: boolean;
  /** False of the standard edition, which has no replicated log. */
  readonly isClustered: boolean;
}

/** Reads `--target`. Fails with `bad-option`. */
export function openTarget(url: string, caFile: string | null): Target {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) {
    throw new AxonError('bad-option', `--target ${url}: write the URL of a node, as in http://axonserver:8024`);
  }
  if (parsed.username !== '' || parsed.password !== '' || parsed.search !== '' || parsed.hash !== '') {
    throw new AxonError('bad-option', '--target: scheme, host, port and base path alone; a token goes to --token');
  }
  const dispatcher = new Agent({
    // Each request has a connection of its own: one that the server closes for its age is no broken answer.
    pipelining: 0,
    headersTimeout: 0,
    bodyTimeout: 0,
    ...(parsed.protocol === 'https:' ? { connect: { ca: trustedCertificates(caFile) } } : {}),
  });
  return { origin: parsed.origin, basePath: parsed.pathname.replace(/\/+$/, ''), dispatcher };
}

/**
 * Asks what a client may well ask, too: nothing is written. Fails with `bad-option` where nobody answers, where the certificate
 * is not trusted, and where what answers is no Axon Server.
 */
export async function askTarget(target: Target, token: string | null): Promise<TargetFacts> {
  const me = await askFor(target, '/v1/public/me', token);
  if (!isNode(me)) {
    throw new AxonError('bad-option', `--target ${nameOf(target)}: /v1/public/me is not answered as by an Axon Server`);
  }
  const answer = await askFor(target, '/v1/public/replicationgroups', token);
  const groups = areGroups(answer) && answer.length > 0 ? answer : null;
  return {
    node: me.name,
    contexts: me.storageContextNames,
    groups: groups?.map(({ name }) => name) ?? null,
    roles: Object.fromEntries((groups ?? []).flatMap((group) => roleIn(group, me.name))),
    hasAccessControl: me.authentication,
    isClustered: me.clustered !== false,
  };
}

function nameOf({ origin, basePath }: Target): string {
  return `${origin}${basePath}`;
}

/** Null where the answer is an error, or no JSON. */
async function askFor(target: Target, path: string, token: string | null): Promise<unknown> {
  const headers = { accept: 'application/json', ...(token === null ? {} : { 'AxonIQ-Access-Token': token }) };
  try {
    const answer = await request(`${nameOf(target)}${path}`, { dispatcher: target.dispatcher, headers });
    const text = await answer.body.text();
    return answer.statusCode === 200 ? parseJson(text) : null;
  } catch (error) {
    throw new AxonError('bad-option', `--target ${nameOf(target)}: ${reasonOf(error)}`, { cause: error });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function reasonOf(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (/CERT|SELF_SIGNED|ERR_TLS|UNABLE_TO/.test(code)) {
    return `its certificate is not trusted (${code}); --ca FILE names one that is`;
  }
  if (code === 'ECONNREFUSED') return 'nobody listens there (ECONNREFUSED)';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `there is no such host (${code})`;
  return message === '' ? code : message;
}

interface NodeAnswer {
  readonly name: string;
  readonly authentication: boolean;
  readonly clustered?: boolean;
  readonly storageContextNames: readonly string[];
}

function isNode(value: unknown): value is NodeAnswer {
  const { name, authentication, storageContextNames: names } = (value ?? {}) as Partial<NodeAnswer>;
  return typeof name === 'string' && typeof authentication === 'boolean' && Array.isArray(names);
}

interface GroupAnswer {
  readonly name: string;
  readonly roles?: unknown;
}

function areGroups(value: unknown): value is readonly GroupAnswer[] {
  return Array.isArray(value) && value.every((each) => typeof (each as GroupAnswer | null)?.name === 'string');
}

function roleIn({ name, roles }: GroupAnswer, node: string): Array<readonly [string, Role]> {
  const mine = (Array.isArray(roles) ? roles : []).find((each) => (each as { node?: unknown } | null)?.node === node);
  const role = (mine as { readonly role?: Role } | undefined)?.role;
  return role === undefined ? [] : [[name, role]];
}
