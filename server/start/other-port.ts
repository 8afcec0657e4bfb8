import net from 'node:net';
import type { Server } from 'node:http';

/** A second port at which a server answers. */
export interface OtherPort {
  readonly port: number;
  /** Takes no more connections; those that are open are the server's to close. */
  readonly close: () => void;
}

/** One for each of several servers, or none: then it fails as the first that could not be opened. */
export async function openOtherPorts(servers: readonly Server[], address: string): Promise<readonly OtherPort[]> {
  const opened = await Promise.allSettled(servers.map((server) => openOtherPort(server, address)));
  const ports = opened.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const failed = opened.find((each) => each.status === 'rejected');
  if (failed === undefined) return ports;
  for (const { close } of ports) close();
  throw failed.reason;
}

/** Opens a free port at `address` whose connections `server` answers as its own: `socket.localPort` alone tells them apart. */
async function openOtherPort(server: Server, address: string): Promise<OtherPort> {
  const door = net.createServer({ allowHalfOpen: true, noDelay: true }, (socket) => server.emit('connection', socket));
  await new Promise<void>((resolve, reject) => {
    door.once('error', reject);
    door.listen(0, address, resolve);
  });
  // What it cannot accept, as for want of files, its caller finds out.
  door.on('error', () => undefined);
  const { port } = door.address() as net.AddressInfo;
  return { port, close: () => void door.close() };
}
