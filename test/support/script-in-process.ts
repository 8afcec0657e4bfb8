import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ClientDriver, Invocation, RunResult } from '../../conformance/driver/client-driver.ts';
import { variablesOf } from '../../conformance/driver/invocation-variables.ts';
import type { FixtureClient } from '../../fixtures/clients/catalog.ts';

const projectFolder = path.resolve(import.meta.dirname, '../..');

let runs = 0;
let last: Promise<unknown> = Promise.resolve();

/**
 * A client of fixtures/ that is one script, as it is built, in this process: loaded anew for each run, with the contract's
 * variables in the environment, and judged by its exit code. It takes a third of the time of a process. One run at a time, for
 * the environment is that of all; not for one that is killed, or hangs, or looks for its TMPDIR.
 */
export function scriptInProcess({ file }: FixtureClient): ClientDriver {
  const script = pathToFileURL(path.join(projectFolder, 'dist', file));
  return {
    argv: [script.pathname],
    async run(invocation) {
      const mine = last.then(() => runHere(script, invocation));
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}

async function runHere(script: URL, invocation: Invocation): Promise<RunResult> {
  const { TMPDIR: _ofThisProcess, ...variables } = variablesOf(invocation);
  const before = { ...process.env };
  const { exitCode } = process;
  const logError = console.error;
  const said: string[] = [];
  try {
    Object.assign(process.env, variables);
    process.exitCode = undefined;
    console.error = (line: string) => void said.push(`${line}\n`);
    const run = ++runs;
    await import(`${script.href}?run=${run}`);
    return ended(Number(process.exitCode ?? 0), said.join(''));
  } catch (error) {
    return ended(1, `${said.join('')}${(error as Error).stack}`);
  } finally {
    console.error = logError;
    process.exitCode = exitCode;
    for (const name of Object.keys(variables)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  }
}

function ended(exitCode: number, stderr: string): RunResult {
  return { exitCode, signal: null, hasTimedOut: false, stdout: '', stderr };
}
