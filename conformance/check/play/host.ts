import dns from 'node:dns/promises';
import net from 'node:net';
import { AxonError } from '../../../server/index.ts';

/** Where the nodes of a check listen, and what a client calls them. */
export interface Host {
  /** What the nodes bind. */
  readonly address: string;
  /** What the client is told, as it stands in a URL. */
  readonly name: string;
}

const LOOPBACK = '127.0.0.1';
const everywhere: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

/**
 * An address of this machine, or a name of one: of its IPv4 address, where it has one. Fails with `bad-option`, in one line,
 * where it is none: all addresses at once, another machine's.
 */
export async function resolveHost(host: string = LOOPBACK): Promise<Host> {
  const refused = (why: string): AxonError => new AxonError('bad-option', `--host ${host}: ${why}`);
  const bare = host.replace(/^\[(?<inner>.*)\]$/, '$<inner>');
  const { address } = await dns.lookup(bare, { order: 'ipv4first' }).catch(() => {
    throw refused('this name has no address');
  });
  if (everywhere.has(address))
    throw refused('a client cannot call that: name the address at which it reaches this machine');
  const fault = await faultOfBinding(address);
  if (fault !== null) throw refused(`this machine cannot listen at ${address} (${fault})`);
  return { address, name: inUrl(bare) };
}

/** An address, or a name, as it stands in a URL. */
export function inUrl(host: string): string {
  return net.isIPv6(host) ? `[${host}]` : host;
}

/** Whether nobody but this machine can come there. */
export function isLoopback(host: string): boolean {
  return ['localhost', '::1', '[::1]'].includes(host) || /^127(?:\.\d{1,3}){3}$/.test(host);
}

function faultOfBinding(address: string): Promise<string | null> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', ({ message }) => resolve(message));
    server.listen(0, address, () => server.close(() => resolve(null)));
  });
}
