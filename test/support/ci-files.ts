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

/** A job that runs several times, side by side, or once: a script with the variables of each time. */
export interface Scripted {
  readonly script: string;
  readonly variables: ReadonlyArray<Readonly<Record<string, string>>>;
}

/** The jobs of a GitLab file in their order, each as often as its `parallel` says, with the variables that GitLab sets. */
export function shellOfGitlab(text: string): Scripted[] {
  const { default: common = {}, stages: _stages, ...jobs } = parse(text) as GitlabFile;
  return Object.values(jobs).map(
    ({ before_script: before = common.before_script ?? [], script = [], parallel = 1 }) => ({
      script: [...before, ...script].join('\n'),
      variables: Array.from({ length: parallel }, (_none, place) => ({
        CI_NODE_INDEX: String(place + 1),
        CI_NODE_TOTAL: String(parallel),
      })),
    }),
  );
}

interface GitlabJob {
  readonly before_script?: readonly string[];
  readonly script?: readonly string[];
  readonly parallel?: number;
}

type GitlabFile = Readonly<Record<string, GitlabJob>>;

/** The container of an Indexed Job, as often as it has completions, with the variables that it names and Kubernetes sets. */
export function shellOfKubernetes(text: string): Scripted {
  const { spec } = parse(text) as KubernetesJob;
  const [container] = spec.template.spec.containers;
  if (container === undefined) throw new Error('a pod has a container');
  const named = Object.fromEntries(container.env.map(({ name, value }) => [name, value]));
  return {
    script: container.command.at(-1) ?? '',
    variables: Array.from({ length: spec.completions }, (_none, place) => ({
      ...named,
      JOB_COMPLETION_INDEX: String(place),
    })),
  };
}

interface KubernetesJob {
  readonly spec: {
    readonly completions: number;
    readonly template: {
      readonly spec: {
        readonly containers: ReadonlyArray<{
          readonly command: readonly string[];
          readonly env: ReadonlyArray<{ readonly name: string; readonly value: string }>;
        }>;
      };
    };
  };
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
