import net from 'node:net';
import { onTestFinished } from 'vitest';

export interface RawAnswer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  /** What has arrived of it by the end of the connection. */
  readonly body: string;
}

/** Sends a request byte for byte, as no HTTP library would, and reads until the connection ends. */
export async function sendRaw(url: string, head: string, body = ''): Promise<RawAnswer | 'no answer'> {
  const socket = connectTo(url);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  const host = /^host:/im.test(head) ? '' : `\r\nHost: ${new URL(url).host}`;
  socket.write(`${head.replaceAll('\n', '\r\n')}${host}\r\nConnection: close\r\n\r\n${body}`);
  await ended(socket);
  return parseAnswer(Buffer.concat(chunks).toString('utf8'));
}

/** An open connection, which ends with the test at the latest. */
export function connectTo(url: string): net.Socket {
  const { port, hostname } = new URL(url);
  const socket = net.connect(Number(port), hostname);
  // A connection that breaks is what many tests are about; all of them look at `close`.
  socket.on('error', () => undefined);
  onTestFinished(() => {
    socket.destroy();
  });
  return socket;
}

export async function ended(socket: net.Socket): Promise<void> {
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
}

function parseAnswer(text: string): RawAnswer | 'no answer' {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return 'no answer';
  const [statusLine = '', ...fields] = text.slice(0, end).split('\r\n');
  const headers = new Map(
    fields.map((field) => {
      const colon = field.indexOf(':');
      return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()] as const;
    }),
  );
  return { status: Number(statusLine.split(' ')[1]), headers, body: text.slice(end + 4) };
}
