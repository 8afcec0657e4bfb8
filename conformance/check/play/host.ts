import dns from 'node:dns/promises';
import net from 'node:net';
import { AxonError } from '../../../server/index.ts';

/** Where the nodes of a check listen, and what a client calls them. */
export interface Host {
  /** What the nodes bind, an IPv4 address. */
  readonly address: string;
  /** What the client is told. */
  readonly name: string;
}

const LOOPBACK = '127.0.0.1';

/**
 * An address of this machine, or a name of one. Fails with `bad-option`, in one line, where it is none: IPv6, all addresses at
 * once, another machine's.
 */
export async function resolveHost(host: string = LOOPBACK): Promise<Host> {
  const refused = (why: string): AxonError => new AxonError('bad-option', `--host ${host}: ${why}`);
  if (net.isIPv6(host)) throw refused('an IPv4 address is wanted, or a name that has one');
  const { address } = await dns.lookup(host, { family: 4 }).catch(() => {
    throw refused('this name has no IPv4 address');
  });
  if (address === '0.0.0.0')
    throw refused('a client cannot call that: name the address at which it reaches this machine');
  const fault = await faultOfBinding(address);
  if (fault !== null) throw refused(`this machine cannot listen at ${address} (${fault})`);
  return { address, name: host };
}

/** Whether nobody but this machine can come there. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

function faultOfBinding(address: string): Promise<string | null> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', ({ message }) => resolve(message));
    server.listen(0, address, () => server.close(() => resolve(null)));
  });
}
