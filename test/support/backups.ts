import * as fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import type { BackupInventory } from '../../conformance/journal/inventory.ts';
import type { Restoration, AnyRestoreProblem } from '../../conformance/journal/restoration.ts';
import { readInventory } from '../../conformance/oracle/backup/backup-reader.ts';
import { ReadingBudget } from '../../conformance/oracle/archives/reading-budget.ts';
import { assessRestore, type AssessOptions } from '../../conformance/oracle/boot/restore.ts';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../server/index.ts';
import { backUp, type BackUpOptions } from './backup-client.ts';
import { temporaryFolder } from './temporary-folder.ts';

/* Backups of a cluster that has lived for a while, and what a restore of them comes to. */

const SECOND_MS = 1000;

/** A cluster whose stores and logs have several segments each, and whose `_admin` has seen some changes. */
export async function grownCluster(options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = await grow(options);
  onTestFinished(() => simulator.close());
  return simulator;
}

async function grow(options: SimulatorOptions): Promise<Simulator> {
  const defaults = { port: 0, nodes: 1, speed: 0, rate: 0.4, segmentSizeBytes: 32_768, logSegmentSizeBytes: 16_384 };
  const simulator = await startSimulator({ ...defaults, ...options });
  await simulator.clock.advance(3600 * SECOND_MS);
  return simulator;
}

/** A cluster, a correct backup of it in a plain tree, and when its POST was made. */
export interface BackedUp {
  readonly simulator: Simulator;
  readonly folder: string;
  readonly beforeMs: number;
}

/** The cluster goes on while it is backed up, and after that. */
export async function backedUp({
  simulator,
  ...options
}: BackUpOptions & { readonly simulator: Simulator }): Promise<BackedUp> {
  return backUpLive(simulator, temporaryFolder(), options);
}

async function backUpLive(simulator: Simulator, folder: string, options: BackUpOptions): Promise<BackedUp> {
  const beforeMs = await backUp(simulator, folder, {
    afterPost: () => simulator.clock.advance(3 * SECOND_MS),
    afterLogs: () => simulator.clock.advance(5 * SECOND_MS),
    ...options,
  });
  await simulator.clock.advance(30 * SECOND_MS);
  return { simulator, folder, beforeMs };
}

/** One correct backup for all tests of a file; each call gives a copy of its own, to be broken. The cluster stands still. */
export function sharedBackup(options: SimulatorOptions = {}, backUpOptions: BackUpOptions = {}): () => BackedUp {
  let shared: BackedUp | null = null;
  beforeAll(async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'axon-backup-kit-test-'));
    shared = await backUpLive(await grow(options), folder, backUpOptions);
  });
  afterAll(async () => {
    await shared?.simulator.close();
    if (shared !== null) fs.rmSync(shared.folder, { recursive: true, force: true });
  });
  return () => {
    if (shared === null) throw new Error('a shared backup is there once the tests run');
    const folder = temporaryFolder();
    fs.cpSync(shared.folder, folder, { recursive: true });
    return { ...shared, folder };
  };
}

/** What the backup comes to, as its folder is now. */
export async function assess(
  { simulator, folder, beforeMs }: BackedUp,
  options: Partial<AssessOptions> & { readonly previous?: BackupInventory | null; readonly run?: number } = {},
): Promise<Restoration> {
  const { previous = null, run = 1, contexts = ['default'], ...rest } = options;
  const groups = ['_admin', ...contexts];
  const inventory = await readInventory(folder, previous, run, { contexts, groups });
  const workFolder = temporaryFolder();
  return assessRestore({
    inventory,
    budget: new ReadingBudget({ realTimeMs: () => 0 }),
    ledger: simulator.ledger,
    contexts,
    groups,
    beforeMs,
    includesOpenSegments: true,
    workFolder,
    ...rest,
  });
}

export function kindsOf({ problems }: Restoration): AnyRestoreProblem['kind'][] {
  return problems.map(({ kind }) => kind);
}

/** Absolute paths of the files with a suffix in a folder of the backup, by name. */
export function filesIn({ folder }: BackedUp, inside: string, suffix: string): string[] {
  const directory = path.join(folder, inside);
  const names = fs.readdirSync(directory).filter((name) => name.endsWith(suffix));
  return names.toSorted().map((name) => path.join(directory, name));
}

/** The file at a place from the start, or with a negative one from the end. */
export function fileAt(backup: BackedUp, inside: string, suffix: string, place: number): string {
  const file = filesIn(backup, inside, suffix).at(place);
  if (file === undefined) throw new Error(`${inside} has no ${suffix} at ${place}`);
  return file;
}

/** Number in a segment's name. */
export function numberOf(file: string): number {
  return Number.parseInt(path.basename(file), 10);
}

/** Turns one byte of a file around. */
export function flipByte(file: string, at: number): void {
  const bytes = fs.readFileSync(file);
  bytes[at] = (bytes[at] ?? 0) ^ 0xff;
  fs.writeFileSync(file, bytes);
}

export function cutFile(file: string, length: number): void {
  fs.truncateSync(file, length);
}
