import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { runShell, shellOfGithub, shellOfGitlab, shellOfKubernetes } from '../support/ci-files.ts';
import { argvOfBuilt, fixtureClient } from '../support/fixture-client.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/*
 * What docs/in-ci.md says to a shell, said to one: in a project whose config file selects one scenario, and in which the kit is
 * the one that is built here. That `npm ci` installs it is shown with the packed package, by the CI file of `init`. Which shards
 * the four jobs are to play is heard from what they call; played is one shard of one, with one version.
 */

const root = path.resolve(import.meta.dirname, '../..');
const page = fs.readFileSync(path.join(root, 'docs/in-ci.md'), 'utf8');

function snippet(name: string): string {
  const found = new RegExp(`<!-- ${name} -->\\n\`\`\`\\w+\\n(?<text>[\\s\\S]*?)\`\`\``).exec(page)?.groups?.['text'];
  if (found === undefined) throw new Error(`docs/in-ci.md has no ${name}`);
  return found;
}

/** One shard in the place of four, and one version in the place of all. */
function small(text: string): string {
  return text
    .replaceAll(' --server-version all', '')
    .replace('shard: [1, 2, 3, 4]', 'shard: [1]')
    .replaceAll('}}/4', '}}/1')
    .replace('parallel: 4', 'parallel: 1')
    .replace('completions: 4', 'completions: 1')
    .replace("value: '4'", "value: '1'");
}

/** What a script would call with `npx`. */
async function callsOf(script: string, variables: object = {}): Promise<string> {
  const heard = `npx() { echo "$@"; }; npm() { :; }\n${script}`;
  return (await runShell(heard, temporaryFolder(), variables as Record<string, string>)).output;
}

/** A project that has the kit, and a client that keeps all rules. */
function project(): string {
  const folder = temporaryFolder();
  const config = { client: argvOfBuilt(fixtureClient('reference')), only: 'growth/first-backup' };
  fs.writeFileSync(path.join(folder, 'axon-backup-kit.yaml'), JSON.stringify(config));
  fs.writeFileSync(path.join(folder, 'package.json'), '{"private":true}');
  const bin = path.join(folder, 'node_modules/.bin');
  fs.mkdirSync(bin, { recursive: true });
  const call = `#!/bin/sh\nexec '${process.execPath}' '${root}/dist/cli.js' "$@"\n`;
  fs.writeFileSync(path.join(bin, 'axon-backup-kit'), call, { mode: 0o755 });
  return folder;
}

/** Runs a script in a project where the kit is installed; it has to end well. */
async function run(script: string, folder: string, variables: object = {}): Promise<string> {
  const installed = script.replaceAll(/^npm ci$/gm, '');
  const { code, output } = await runShell(installed, folder, variables as Record<string, string>);
  expect(code, output).toBe(0);
  return output;
}

const passed = 'every MUST rule was judged and passed';

describe('the CI files in the docs', () => {
  test('of one job are the ones that init writes', () => {
    for (const whose of ['github', 'gitlab']) {
      const written = fs.readFileSync(path.join(root, 'conformance/starter', whose, 'backup.yml'), 'utf8');
      expect(snippet(`${whose}.yml`)).toBe(written);
    }
  });

  test('call the four shards of four, each once, wherever jobs are counted from', async () => {
    const [shards] = shellOfGitlab(snippet('gitlab-parallel.yml'));
    const job = shellOfKubernetes(snippet('kubernetes-job.yml'));
    const calls = {
      github: shellOfGithub(snippet('github-matrix.yml'))
        .slice(0, 4)
        .map((script) => callsOf(script)),
      gitlab: shards?.variables.map((variables) => callsOf(shards.script, variables)) ?? [],
      kubernetes: job.variables.map((variables) => callsOf(job.script, variables)),
    };
    for (const called of Object.values(calls)) {
      const shardsOf = (await Promise.all(called)).map(
        (text) => / --shard (\S+) --report json=\S*report-\d\.json/.exec(text)?.[1],
      );
      expect(shardsOf).toEqual(['1/4', '2/4', '3/4', '4/4']);
    }
  });

  test('of GitHub, with a matrix, come to one verdict', async () => {
    const folder = project();
    const [shard = '', verdict = ''] = shellOfGithub(small(snippet('github-matrix.yml')));
    await run(shard, folder);
    const output = await run(verdict, folder, { GITHUB_ACTIONS: 'true' });
    expect(output).toContain(passed);
    expect(output).toContain('::notice title=exit 0::');
  });

  test('of GitLab, in one job, have a report for the merge request', async () => {
    const folder = project();
    const [job] = shellOfGitlab(snippet('gitlab.yml'));
    await run(job?.script ?? '', folder);
    expect(fs.readFileSync(path.join(folder, 'backup.xml'), 'utf8')).toContain('failures="0"');
  });

  test('of GitLab, in parallel, come to one verdict', async () => {
    const folder = project();
    const [shards, verdict] = shellOfGitlab(small(snippet('gitlab-parallel.yml')));
    await run(shards?.script ?? '', folder, shards?.variables[0]);
    expect(await run(verdict?.script ?? '', folder)).toContain(passed);
  });

  test('of Kubernetes, an Indexed Job, come to one verdict, and fail no pod for what a client has done', async () => {
    const folder = project();
    const { script, variables } = shellOfKubernetes(small(snippet('kubernetes-job.yml')));
    await run(script, folder, { ...variables[0], REPORTS: folder });
    expect(await run(snippet('kubernetes-verdict.sh'), folder, { REPORTS: folder })).toContain(passed);
    for (const [code, ofPod] of [
      [1, 0],
      [2, 0],
      [64, 1],
      [70, 1],
    ]) {
      expect((await runShell(`npx() { return ${code}; }\n${script}`, folder)).code).toBe(ofPod);
    }
  });
});

describe('the action', () => {
  const action = parse(fs.readFileSync(path.join(root, 'action.yml'), 'utf8')) as {
    readonly inputs: Readonly<Record<string, { readonly default: string }>>;
    readonly outputs: Readonly<Record<string, { readonly value: string }>>;
    readonly runs: { readonly steps: ReadonlyArray<{ id?: string; run: string; env?: Record<string, string> }> };
  };
  const check = action.runs.steps.find(({ id }) => id === 'check');

  /** Runs its step as GitHub does, and gives back what it has put out. */
  async function act(inputs: Readonly<Record<string, string>>) {
    const folder = temporaryFolder();
    const output = path.join(folder, 'output');
    fs.writeFileSync(output, '');
    const valueOf = (name: string): string => inputs[name] ?? action.inputs[name]?.default ?? '';
    const variables = Object.entries(check?.env ?? {}).map(([name, value]) => [
      name,
      value.replaceAll(/\$\{\{ inputs\.([\w-]+) \}\}/g, (_all, input: string) => valueOf(input)),
    ]);
    const ended = await runShell(check?.run ?? '', folder, {
      ...(Object.fromEntries(variables) as Record<string, string>),
      GITHUB_ACTION_PATH: root,
      GITHUB_ACTIONS: 'true',
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: path.join(folder, 'summary.md'),
    });
    const lines = fs.readFileSync(output, 'utf8').trim().split('\n');
    return {
      folder,
      ended,
      outputs: Object.fromEntries(lines.map((line) => line.split('='))) as Record<string, string>,
    };
  }

  test('takes every input that it names, and every output comes from its step', () => {
    const used = [...JSON.stringify(check?.env).matchAll(/inputs\.([\w-]+)/g)].map(([, name]) => name);
    expect(used.toSorted()).toEqual(Object.keys(action.inputs).toSorted());
    for (const [name, { value }] of Object.entries(action.outputs))
      expect(value).toBe(`\${{ steps.check.outputs.${name} }}`);
    const { with: given } = (
      parse(snippet('github-action.yml')) as {
        jobs: { check: { steps: ReadonlyArray<{ id?: string; with?: object }> } };
      }
    ).jobs.check.steps.find(({ id }) => id === 'backup') ?? { with: {} };
    expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(Object.keys(given ?? {})));
  });

  test('annotates, sums up, and puts out the verdict, the counts and where the reports are', async () => {
    const client = `curl -fsS -X POST "$AXONSERVER_URL/v1/backup/createControlDbBackup"`;
    const { folder, ended, outputs } = await act({ client, options: '--only\ngrowth/first-backup\n' });
    expect(ended.code, ended.output).toBe(1);
    expect(ended.output).toMatch(/^::error title=/m);
    expect(fs.readFileSync(path.join(folder, 'summary.md'), 'utf8')).toContain('✗ failed');
    expect(Object.keys(outputs).toSorted()).toEqual(Object.keys(action.outputs).toSorted());
    expect(outputs).toMatchObject({ verdict: 'failed', 'exit-code': '1', html: 'backup-reports/report.html' });
    expect(Number(outputs['fail'])).toBeGreaterThan(2);
    for (const kind of ['json', 'junit', 'html']) {
      expect(fs.existsSync(path.join(folder, outputs[kind] ?? 'none'))).toBe(true);
    }
  });

  test('ends with an error where nothing could be judged', async () => {
    const { ended, outputs } = await act({ options: '--onyl\nlog/**\n' });
    expect(ended.code).toBe(64);
    expect(outputs).toEqual({ verdict: 'error', 'exit-code': '64' });
  });
});
