import net from 'node:net';
import type { Server } from 'node:http';

/** A second port at which a server answers. */
export interface OtherPort {
  readonly port: number;
  /** Takes no more connections; those that are open are the server's to close. */
  readonly close: () => void;
}

/** Opens a free port at `address` whose connections `server` answers as its own: `socket.localPort` alone tells them apart. */
export async function openOtherPort(server: Server, address: string): Promise<OtherPort> {
  const door = net.createServer({ allowHalfOpen: true, noDelay: true }, (socket) => server.emit('connection', socket));
  await new Promise<void>((resolve, reject) => {
    door.once('error', reject);
    door.listen(0, address, resolve);
  });
  const { port } = door.address() as net.AddressInfo;
  return { port, close: () => void door.close() };
}
