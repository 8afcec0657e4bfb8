import { execFileSync } from 'node:child_process';

/** What curl would be called with, as a shell understands the line; curl itself is not called. */
export function curlArgumentsOf(line: string, environment: Readonly<Record<string, string>> = {}): string[] {
  const script = String.raw`curl() { for word in "$@"; do printf '%s\0' "$word"; done; }; ${line}`;
  const said = execFileSync('bash', ['-c', script], { encoding: 'utf8', env: { ...process.env, ...environment } });
  return said.split('\0').slice(0, -1);
}
