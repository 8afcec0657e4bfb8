import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { judgeMemory, type Sample } from '../soak/memory-verdict.ts';
import { startServing, type ServedProcess } from '../soak/served-process.ts';
import { soak, type SoakOptions } from '../soak/soak.ts';
import { isExpected, requestKinds } from '../soak/varied-requests.ts';

const cli = path.resolve(import.meta.dirname, '../../dist/cli.js');

async function serving(): Promise<ServedProcess> {
  const serve = await startServing(['--nodes', '2'], cli);
  onTestFinished(() => void serve.end());
  return serve;
}

/** As many requests as are told, as fast as they are answered. */
function shortSoak(serve: ServedProcess, more: Partial<SoakOptions>): SoakOptions {
  const { signal } = new AbortController();
  const options = {
    clients: 20,
    readers: 4,
    rate: 0,
    lastsMs: 3_600_000,
    mostRequests: 600,
    seed: 1,
    print: () => undefined,
  };
  return { serve, signal, ...options, ...more };
}

describe('a soak', () => {
  test('asks for everything, has an answer for all of it, and looks at the memory of the process', async () => {
    const serve = await serving();
    const lines: string[] = [];
    const { answered, samples, memory, hasDied } = await soak(shortSoak(serve, { print: (line) => lines.push(line) }));
    expect([...answered.keys()].toSorted()).toEqual([...requestKinds].toSorted());
    const all = [...answered].flatMap(([kind, statuses]) =>
      [...statuses].map(([status, count]) => ({ kind, status, count })),
    );
    expect(all.filter(({ kind, status }) => !isExpected(kind, status))).toEqual([]);
    expect(all.reduce((sum, { count }) => sum + count, 0)).toBe(600);
    expect([...(answered.get('backup') ?? [])].map(([status]) => status)).toEqual([200]);
    const last = samples.at(-1);
    expect(last?.requests).toBe(600);
    expect(last?.residentBytes).toBeGreaterThan(40 << 20);
    expect([memory.verdict, hasDied]).toEqual(['too-short', false]);
    expect(lines.at(-1)).toMatch(/^ +\d+:\d\d +\d+ MiB +\d+ MiB +600 +\d+ +\d+% +4 +0$/);
    expect(await serve.end()).toBe(0);
  });

  test('ends when it is told to, with what it has seen so far', async () => {
    const serve = await serving();
    const interrupted = new AbortController();
    const soaked = soak(shortSoak(serve, { signal: interrupted.signal, mostRequests: Number.POSITIVE_INFINITY }));
    const answered = async (): Promise<number> => {
      const answer = await fetch(`${serve.urls[0]}/_sim/requests`);
      return ((await answer.json()) as readonly unknown[]).length;
    };
    await expect.poll(answered).toBeGreaterThan(20);
    interrupted.abort();
    expect((await soaked).samples.at(-1)?.requests).toBeGreaterThan(20);
  });

  test('says so where the process has ended', async () => {
    const serve = await serving();
    process.kill(serve.pid, 'SIGKILL');
    await serve.end();
    expect(await soak(shortSoak(serve, {}))).toMatchObject({ hasDied: true, memory: { verdict: 'too-short' } });
  });
});

describe('memory', () => {
  /** Ten minutes, looked at each second. */
  const samplesOf = (residentMiB: (seconds: number) => number): Sample[] =>
    Array.from({ length: 600 }, (_, seconds) => {
      return { atMs: seconds * 1000, residentBytes: residentMiB(seconds) * 2 ** 20, requests: 0, processorMs: 0 };
    });

  test('is flat where it stays about what it was when the first minute was over', () => {
    const samples = samplesOf((seconds) => Math.min(seconds, 60) * 4 + (seconds % 20));
    expect(judgeMemory(samples)).toMatchObject({ verdict: 'flat', beforeBytes: 259 << 20, afterBytes: 259 << 20 });
  });

  test.each<[string, (seconds: number) => number]>([
    ['bit by bit', (seconds) => 200 + seconds / 10],
    ['in the end', (seconds) => (seconds < 590 ? 200 : 300)],
    ['for a moment', (seconds) => (seconds === 300 ? 300 : 200)],
  ])('has grown where it has grown %s', (_how, residentMiB) => {
    expect(judgeMemory(samplesOf(residentMiB)).verdict).toBe('grown');
  });

  test('is not judged before the third minute', () => {
    expect(judgeMemory(samplesOf(() => 200).slice(0, 120)).verdict).toBe('too-short');
    expect(judgeMemory([]).verdict).toBe('too-short');
  });
});
