import net from 'node:net';
import { startSimulator, type EventType, type ServerVersion, type Simulator } from '../../../../server/index.ts';
import type { Release } from './recording.ts';

export const RIGHT_TOKEN = 'right-token-1234567890';

export const versionOf: Readonly<Record<Release, ServerVersion>> = {
  '4.2.4': '4.2',
  '4.5.16': '4.5',
  '4.6.11': '4.6',
  '2023.2.1': '2023.2',
};

/** Where the segments of the recorded servers end. */
const segmentEnds: ReadonlyArray<readonly [type: EventType, ends: readonly number[], last: number]> = [
  ['EVENT', [64, 131, 200, 269, 339], 400],
  ['SNAPSHOT', [85, 166, 233, 300], 353],
];

/** A server of the standard edition with the very segments that the recorded ones had. */
export async function startRecordedServer(release: Release, hasAccessControl = false): Promise<Simulator> {
  const simulator = await startSimulator({
    port: 0,
    edition: 'standard',
    serverVersion: versionOf[release],
    speed: 0,
    rate: 0,
    ...(hasAccessControl ? { token: RIGHT_TOKEN } : {}),
  });
  for (const [type, ends, last] of segmentEnds) {
    let token = 0;
    for (const end of ends) {
      await simulator.control.append('default', { transactions: end - token, type, payloadBytes: 10 });
      await simulator.control.roll('default', type);
      token = end;
    }
    await simulator.control.append('default', { transactions: last - token, type, payloadBytes: 10 });
  }
  await simulator.clock.advance(60_000);
  return simulator;
}

/** Events within the first two of the closed segments that the recorded transformation changed. */
export async function transformClosed(simulator: Simulator): Promise<void> {
  await simulator.control.transform('default', { firstToken: 100n, lastToken: 140n });
}

/** An event of the open segment, which closes before. */
export async function transformOpen(simulator: Simulator): Promise<void> {
  await simulator.control.transform('default', { firstToken: 350n, lastToken: 350n });
  await simulator.clock.advance(60_000);
}

export interface Received {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends a request byte for byte, with no header but those that it has, and reads until the connection ends. */
export function send(url: string, { method, path, headers, body }: Sent): Promise<Received> {
  const { port, hostname, host } = new URL(url);
  const fields = Object.entries({ Host: host, ...headers, Connection: 'close' });
  if (body !== '' || method === 'POST') fields.push(['Content-Length', String(Buffer.byteLength(body))]);
  const head = [`${method} ${path} HTTP/1.1`, ...fields.map(([name, value]) => `${name}: ${value}`)].join('\r\n');
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = net.connect(Number(port), hostname, () => socket.write(`${head}\r\n\r\n${body}`));
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => resolve(parse(Buffer.concat(chunks).toString('utf8'))));
  });
}

function parse(text: string): Received {
  const end = text.indexOf('\r\n\r\n');
  const [statusLine = '', ...fields] = text.slice(0, end).split('\r\n');
  const headers = fields.map((field) => {
    const colon = field.indexOf(':');
    return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()] as const;
  });
  return { status: Number(statusLine.split(' ')[1]), headers: Object.fromEntries(headers), body: text.slice(end + 4) };
}
