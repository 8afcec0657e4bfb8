import * as fs from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { Node } from '../../../../server/index.ts';
import type { Received } from './recorded-store.ts';
import type { RecordedCall, Release } from './recording.ts';

/** Headers that are held against each other. Security headers of the framework were left out of the recordings. */
const comparedHeaders = [
  'content-type',
  'content-language',
  'allow',
  'axoniq-errorcode',
  'location',
  'www-authenticate',
];

const reportedVersions: Readonly<Record<Release, string>> = {
  '4.2.4': '4.2',
  '4.5.16': '4.5.16',
  '4.6.11': '4.6.11',
  '2023.2.1': '2023.2.0',
};

export function isAboutBackups({ path, name }: RecordedCall): boolean {
  return /backup/i.test(path) || /^(cdb|fn|es|log)-/.test(name);
}

/** In what an answer is another one, but for paths, times and numbers. */
export function differencesBetween(call: RecordedCall, release: Release, received: Received, node: Node): string[] {
  const recorded = call.answers[release];
  const differences: string[] = [];
  const hold = (what: string, ours: string, theirs: string): void => {
    if (ours !== theirs) differences.push(`${what} is ${ours.slice(0, 600)}, recorded ${theirs.slice(0, 600)}`);
  };
  hold('status', String(received.status), String(recorded.status));
  for (const name of comparedHeaders) {
    const ours = (received.headers[name] ?? 'absent').replaceAll(node.url, '{url}');
    hold(name, ours, recorded.headers[name] ?? 'absent');
  }
  const hasCookie = (headers: Readonly<Record<string, string>>): string => String('set-cookie' in headers);
  // An unknown caller's session, which the server begins to remember where to go on, is nothing to a client.
  if (recorded.headers['www-authenticate'] === undefined && recorded.status !== 302) {
    hold('cookie', hasCookie(received.headers), hasCookie(recorded.headers));
  }
  if (recorded.body !== '(an HTML page)') holdBody(call, normalize(received.body, node, release), recorded.body, hold);
  return differences;
}

function holdBody(
  { path }: RecordedCall,
  ours: string,
  theirs: string,
  hold: (what: string, ours: string, theirs: string) => void,
): void {
  // Members of these come in another order with each start of a real server, and sizes of its disk are its own.
  const isUnordered =
    [ours, theirs].every((text) => text.startsWith('{')) && /^\/(v1\/public\/me|actuator\/health)/.test(path);
  if (!isUnordered) return hold('body', ours, theirs);
  const [left, right] = [parsed(ours), parsed(theirs)];
  if (!isDeepStrictEqual(left, right)) hold('body', JSON.stringify(left), JSON.stringify(right));
}

function parsed(text: string): unknown {
  return JSON.parse(text, (name, value: unknown) => {
    if (['free', 'total', 'httpPort', 'grpcPort'].includes(name)) return 0;
    if (name === 'hostName') return 'localhost';
    // One of the recorded servers had been given fewer snapshots.
    return name.endsWith('.lastSnapshot') ? 0 : value;
  });
}

/** Paths as if our node's folder were the recorded server's, which has its events in `data`. */
function normalize(body: string, { dataDir }: Node, release: Release): string {
  const folders = [...new Set([dataDir, fs.realpathSync(dataDir)])];
  let text = body;
  for (const folder of folders) text = text.replaceAll(folder, '{home}');
  return text
    .replaceAll('{home}/./events/', '{home}/./data/')
    .replaceAll('{home}/events/', '{home}/data/')
    .replaceAll('/controldb-backup/controldb', '/controldb')
    .replaceAll(/controldb\d{13}/g, 'controldb0000000000000')
    .replaceAll(/"timestamp":\d+/g, '"timestamp":0')
    .replaceAll(`"asVersion":"${reportedVersions[release]}"`, '"asVersion":"{release}"');
}
