import * as fs from 'node:fs';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { pack } from 'tar-stream';
import type { Simulator } from '../../server/index.ts';
import { nodeOf } from './simulator.ts';

/* A correct backup client: control database first, then the logs, then events and snapshots, the open segments too. */

/** How a run leaves what it has copied; `plain` writes into one tree, the others begin something new each run. */
export type Layout = 'plain' | 'dated' | 'tar' | 'tar.gz' | 'zip' | 'gz';

/** `<context>/<type>` → highest closed segment that was copied. */
export type Cursors = Map<string, number>;

export interface BackUpOptions {
  readonly run?: number;
  readonly layout?: Layout;
  /** Place of the node, from 0. */
  readonly node?: number;
  readonly cursors?: Cursors;
  readonly contexts?: readonly string[];
  readonly includesOpenSegments?: boolean;
  /** Happens after the control database backup was made; after the logs were copied. */
  readonly afterPost?: () => Promise<void>;
  readonly afterLogs?: () => Promise<void>;
}

/** Backs up one node, with the calls and in the order that the manual asks for; resolves to the time of the POST. */
export async function backUp(simulator: Simulator, folder: string, options: BackUpOptions = {}): Promise<number> {
  const { run = 1, layout = 'plain', contexts = ['default'] } = options;
  const { url } = nodeOf(simulator, options.node);
  const files = new Map<string, string>();
  const postedAtMs = simulator.clock.nowMs;
  const zip = await ask(url, 'POST', '/v1/backup/createControlDbBackup');
  files.set(path.basename(zip), zip);
  await options.afterPost?.();
  const target = beginTarget(folder, layout, run);
  for (const group of ['_admin', ...contexts]) {
    const listed = JSON.parse(await ask(url, 'GET', `/v1/backup/log/filenames?context=${encodeURIComponent(group)}`));
    if (layout === 'plain') fs.rmSync(path.join(target, 'log', group), { recursive: true, force: true });
    for (const file of listed as string[]) files.set(`log/${group}/${path.basename(file)}`, file);
  }
  // Copied now, since the log is cleaned while the events are copied.
  const copied = readAll(files);
  files.clear();
  await options.afterLogs?.();
  for (const context of contexts) {
    for (const type of ['EVENT', 'SNAPSHOT']) {
      for (const file of await listSegments(url, context, type, options)) {
        files.set(`events/${context}/${path.basename(file)}`, file);
      }
    }
  }
  await write(target, layout, new Map([...copied, ...readAll(files)]));
  return postedAtMs;
}

async function listSegments(url: string, context: string, type: string, options: BackUpOptions): Promise<string[]> {
  const { cursors = new Map(), includesOpenSegments = true } = options;
  const key = `${context}/${type}`;
  const cursor = cursors.get(key);
  const since = cursor === undefined ? '' : `&lastClosedSegmentBackedUp=${cursor}`;
  const asked = `/v1/backup/eventstore?type=${type}&targetContext=${encodeURIComponent(context)}${since}`;
  const answer = JSON.parse(await ask(url, 'GET', asked)) as { lastClosedSegment: number; filenames: string[] };
  if (answer.lastClosedSegment >= 0) cursors.set(key, answer.lastClosedSegment);
  return answer.filenames.filter(
    (file) => includesOpenSegments || Number.parseInt(path.basename(file), 10) <= answer.lastClosedSegment,
  );
}

async function ask(url: string, method: string, asked: string): Promise<string> {
  const answer = await fetch(url + asked, { method });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${asked}: ${answer.status} ${text}`);
  return text;
}

function readAll(files: ReadonlyMap<string, string>): Map<string, Buffer> {
  return new Map([...files].map(([name, file]) => [name, fs.readFileSync(file)]));
}

/** The folder of the run, or the archive without its suffix. */
function beginTarget(folder: string, layout: Layout, run: number): string {
  if (layout === 'plain') return folder;
  return path.join(folder, `run-${run}`);
}

async function write(target: string, layout: Layout, files: ReadonlyMap<string, Buffer>): Promise<void> {
  switch (layout) {
    case 'plain':
    case 'dated':
    case 'gz':
      for (const [name, bytes] of files) {
        const isPacked = layout === 'gz' && !name.endsWith('.zip');
        const file = path.join(target, isPacked ? `${name}.gz` : name);
        fs.mkdirSync(path.dirname(file), { recursive: true });
        fs.writeFileSync(file, isPacked ? gzipSync(bytes) : bytes);
      }
      return;
    case 'zip':
      fs.writeFileSync(`${target}.zip`, zipSync(Object.fromEntries(files)));
      return;
    case 'tar':
      fs.writeFileSync(`${target}.tar`, await tarOf(files));
      return;
    case 'tar.gz':
      fs.writeFileSync(`${target}.tar.gz`, gzipSync(await tarOf(files)));
  }
}

/** All files as one tar. */
export async function tarOf(files: ReadonlyMap<string, Buffer>): Promise<Buffer> {
  const archive = pack();
  for (const [name, bytes] of files) archive.entry({ name, mtime: new Date(0) }, bytes);
  archive.finalize();
  return buffer(archive as unknown as AsyncIterable<Buffer>);
}
