import { onTestFinished, vi } from 'vitest';
import { runProgram } from '../../program.ts';
import type { Ended } from './cli.ts';

/** Has the program do in this process what the words say; how it would end, and what it said. One call at a time. */
export async function callProgram(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Omit<Ended, 'signal'>> {
  const said = { stdout: '', stderr: '' };
  const written = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text, encodingOrTold, told) => {
      said[name] += String(text);
      const tell = typeof encodingOrTold === 'function' ? encodingOrTold : told;
      if (tell !== undefined) setImmediate(tell);
      return true;
    }),
  );
  onTestFinished(() => void vi.unstubAllEnvs());
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const codes: number[] = [];
  try {
    await runProgram(words, (code) => codes.push(code));
  } finally {
    for (const each of written) each.mockRestore();
  }
  return { code: codes.includes(70) ? 70 : (codes.at(-1) ?? 0), ...said };
}
