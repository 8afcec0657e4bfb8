// Every door as a TypeScript program sees it. It is compiled, and never run.
import {
  explore,
  runConformance,
  verifyBackup,
  type BackupVerification,
  type ClientFunction,
  type ConformanceOptions,
  type Report,
} from 'axon-backup-kit/conformance';
import { startSimulator, type Node, type Simulator } from 'axon-backup-kit/server';
import { backupConformance } from 'axon-backup-kit/vitest';

const client: ClientFunction = async ({ url, nodes, contexts, groups, token, backupDir, stateDir, run, signal }) => {
  const headers: Record<string, string> = token === null ? {} : { 'AxonIQ-Access-Token': token };
  await fetch(`${url}/v1/backup/createControlDbBackup`, { method: 'POST', headers, signal });
  const words: string[] = [
    ...contexts,
    ...groups,
    backupDir,
    stateDir,
    run.toFixed(),
    ...nodes.map(({ name }) => name),
  ];
  if (words.length === 0) throw new Error('nothing to do');
};

const options: ConformanceOptions = { client, only: ['log/**'], capabilities: ['no-snapshots'], failOn: 'warn' };
backupConformance(options);
backupConformance({ client: ['bash', './my-backup.sh'], timeoutMs: 10_000 });

export async function check(): Promise<number> {
  const report: Report = await runConformance({
    client: ['bash', './my-backup.sh', '{url}'],
    restore: 'my-tool unpack "$BACKUP_DIR" "$RESTORE_DIR"',
    serverVersion: 'all',
    onStart: ({ id, serverVersion }) => console.log(id, serverVersion),
    onResult: ({ id, status }) => console.log(id.toUpperCase(), status),
  });
  const { failures } = await explore({ client, runs: 10, serverVersion: 'all', signal: AbortSignal.timeout(60_000) });
  for (const { seed, rule, scenarioFile } of failures) console.log(seed.toFixed(), rule, scenarioFile);
  const verification: BackupVerification = await verifyBackup('./backup');
  return verification.verdict === 'consistent' ? report.exitCode : 1;
}

export async function begin(): Promise<Simulator> {
  const cluster = await startSimulator({ port: 0, contexts: ['default', 'orders'], speed: 0 });
  const [first]: readonly Node[] = cluster.nodes;
  const { lastToken } = await cluster.control.append('orders', { transactions: 3 });
  console.log(first?.url, lastToken + 1n);
  return cluster;
}

// @ts-expect-error A client is a command or a function, and no command line.
void runConformance({ client: './my-backup.sh' });
// @ts-expect-error There is no such version.
void runConformance({ client, serverVersion: '3.1' });
// @ts-expect-error There is no such capability.
void runConformance({ client, capabilities: ['no-log'] });
// @ts-expect-error Options are what the types say.
void startSimulator({ prot: 8024 });
