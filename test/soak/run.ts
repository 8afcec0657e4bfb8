/**
 * `npm run soak:serve`: a served cluster in a process of its own, clients that ask it for backups and listings in every way,
 * long ones too, and readers of the event stream that never read. Each half minute it prints how much memory that process
 * has; in the end, or at Ctrl-C, whether that was flat after the first minute. In that minute clients ask as fast as they
 * are answered, so that what is bounded is full; then at `--rate`, of which a core is not half busy.
 *
 * Exit code 0: flat. 1: not flat, answers that no server in good health gives, or the process has ended. 2: too short to tell.
 */
import { parseArgs } from 'node:util';
import type { Answered } from './clients.ts';
import { criterion } from './memory-verdict.ts';
import { startServing } from './served-process.ts';
import { formatMebibytes, soak, type SoakResult } from './soak.ts';
import { isExpected, requestKinds } from './varied-requests.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: 'string', default: '10' },
    clients: { type: 'string', default: '200' },
    readers: { type: 'string', default: '30' },
    rate: { type: 'string', default: '100' },
    requests: { type: 'string', default: 'Infinity' },
    seed: { type: 'string', default: '1' },
  },
});
const [minutes, clients, readers, rate, mostRequests, seed] = (
  ['minutes', 'clients', 'readers', 'rate', 'requests', 'seed'] as const
).map((name) => {
  const number = Number(values[name]);
  if (Number.isNaN(number) || number < 0) throw new Error(`--${name}: a number of 0 or more is wanted`);
  return number;
}) as [number, number, number, number, number, number];

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupted.abort());

// Behind `--` stand further options of serve.
const serve = await startServing(positionals);
const print = (line: string): void => void process.stdout.write(`${line}\n`);
print(
  `${clients} clients, ${rate === 0 ? 'as fast as answers come' : `${rate} requests a second after the first minute`}, ${readers} readers that never read; serve is process ${serve.pid}\n`,
);
const result = await soak({
  serve,
  clients,
  readers,
  rate,
  lastsMs: minutes * 60_000,
  mostRequests,
  seed,
  signal: interrupted.signal,
  print,
});
const code = await serve.end();
for (const [kind, statuses] of sorted(result.answered)) print(`  ${kind.padEnd(18)}${statuses}`);
print(describeEnd(result));
if (code !== 0) print(`serve ended with ${code}, not with 0`);
const strange = [...result.answered].flatMap(([kind, statuses]) =>
  [...statuses.keys()].filter((status) => !isExpected(kind, status)).map((status) => `${kind}: ${status}`),
);
if (strange.length > 0) print(`strange answers: ${strange.join(', ')}`);
process.exitCode =
  code !== 0 || result.hasDied || strange.length > 0 ? 1 : { flat: 0, grown: 1, 'too-short': 2 }[result.memory.verdict];

/** What was answered, kind by kind: how often with which status. */
function sorted(answered: Answered): [kind: string, statuses: string][] {
  return requestKinds.map((kind) => {
    const statuses = [...(answered.get(kind) ?? [])].toSorted(([a], [b]) => a - b);
    return [kind, statuses.map(([status, count]) => `${count} × ${status === 0 ? 'no answer' : status}`).join(', ')];
  });
}

function describeEnd({ memory, hasDied }: SoakResult): string {
  if (hasDied) return '\nserve has ended by itself';
  if (memory.verdict === 'too-short') return `\ntoo short to tell (${criterion})`;
  const { beforeBytes, afterBytes, mostBytes } = memory;
  const figures = `${formatMebibytes(beforeBytes)} at most in the second minute, ${formatMebibytes(afterBytes)} after it, ${formatMebibytes(mostBytes)} allowed`;
  return `\n${memory.verdict === 'flat' ? 'memory was flat' : 'MEMORY HAS GROWN'}: ${figures} (${criterion})`;
}
