import net from 'node:net';

/** How often a reader looks whether it is still connected. It does not read, so it is not told. */
const LOOK_MS = 2000;

/** Readers of the event stream that never read a byte of it. */
export interface StalledReaders {
  /** How many the server has let go since the start; others have come in their place. */
  readonly letGo: number;
  /** How many are connected. */
  readonly connected: number;
  end(): void;
}

/**
 * Opens so many readers of `GET /_sim/events`, and one more for each that the server lets go. An empty line now and then,
 * which a server passes over before a request, fails once the server has closed the connection.
 */
export function stallReaders(urls: readonly string[], count: number): StalledReaders {
  const sockets = new Set<net.Socket>();
  let letGo = 0;
  let connected = 0;
  let isOver = false;
  const open = (place: number): void => {
    const { hostname, port, host } = new URL(urls[place % urls.length] ?? '');
    const socket = net.connect(Number(port), hostname);
    sockets.add(socket);
    let isConnected = false;
    socket.once('connect', () => {
      isConnected = true;
      connected++;
      socket.write(`GET /_sim/events HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    });
    const look = setInterval(() => socket.write('\r\n'), LOOK_MS);
    socket.on('error', () => undefined);
    socket.once('close', () => {
      clearInterval(look);
      sockets.delete(socket);
      if (isConnected) connected--;
      if (isOver) return;
      letGo++;
      setTimeout(() => isOver || open(place), LOOK_MS);
    });
  };
  for (let place = 0; place < count; place++) open(place);
  return {
    get letGo() {
      return letGo;
    },
    get connected() {
      return connected;
    },
    end: () => {
      isOver = true;
      for (const socket of sockets) socket.destroy();
    },
  };
}
