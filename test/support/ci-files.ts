import { execFile } from 'node:child_process';
import { parse } from 'yaml';

/* What CI files have to say to a shell, and a shell that does it. */

interface Workflow {
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly strategy?: { readonly matrix: Readonly<Record<string, readonly unknown[]>> };
        readonly steps: ReadonlyArray<{ readonly run?: string; readonly if?: string }>;
      }
    >
  >;
}

/** The script of each job of a workflow, one for each value of its matrix. */
export function shellOfGithub(text: string): string[] {
  const { jobs } = parse(text) as Workflow;
  return Object.values(jobs).flatMap(({ steps, strategy }) => {
    const script = steps.flatMap(({ run }) => run ?? []).join('\n');
    const [[name, values] = ['', ['']]] = Object.entries(strategy?.matrix ?? {});
    return values.map((value) => script.replaceAll(`\${{ matrix.${name} }}`, String(value)));
  });
}

/** How a script ended, and what it said on both streams. */
export interface Shelled {
  readonly code: number;
  readonly output: string;
}

/** Runs a script as GitHub and GitLab do: in bash, which ends at the first command that fails. */
export function runShell(
  script: string,
  folder: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Shelled> {
  // Whatever the runner of this test has set up is no affair of the script's.
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_ENV$|TEST$|GITHUB_|CI$)/.test(name)),
  );
  return new Promise((resolve) => {
    const args = ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script];
    const options = { cwd: folder, env: { ...inherited, NO_COLOR: '1', ...environment } };
    execFile('bash', args, options, (error, stdout, stderr) => {
      const code = typeof error?.code === 'number' ? error.code : error === null ? 0 : -1;
      resolve({ code, output: `${stdout}${stderr}` });
    });
  });
}
