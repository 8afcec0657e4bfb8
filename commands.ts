import type { Command } from 'commander';
import type { ExitWith } from './conformance/commands/exit-code.ts';
import type { Catalogue } from './conformance/commands/catalogue.ts';
import type { FixtureClient } from './fixtures/clients/catalog.ts';

/** A command as the list of them shows it. What does its work is loaded when it is called: that takes its time. */
export interface CommandEntry {
  /** Its name, options and arguments, as commander spells them. */
  readonly synopsis: string;
  readonly description: string;
  addTo(program: Command, exitWith: ExitWith): Promise<void>;
}

/** All commands, in the order of the list. */
export const commands: readonly CommandEntry[] = [
  {
    synopsis: 'serve [options]',
    description: 'run the fake cluster until SIGINT or SIGTERM',
    addTo: async (program) => (await import('./server/serve/serve.ts')).addServeCommand(program),
  },
  {
    synopsis: 'check [options] [command...]',
    description: 'judge a backup client',
    addTo: async (program, exitWith) =>
      (await import('./conformance/commands/check.ts')).addCheckCommand(program, exitWith),
  },
  {
    synopsis: 'explore [options] [command...]',
    description: 'search for situations that break a client, where no scenario looks',
    addTo: async (program, exitWith) =>
      (await import('./conformance/commands/explore.ts')).addExploreCommand(program, exitWith),
  },
  {
    synopsis: 'watch [options] [command...]',
    description: 'judge a client at work on a real server, through a proxy',
    addTo: async (program, exitWith) =>
      (await import('./conformance/commands/watch.ts')).addWatchCommand(program, exitWith),
  },
  {
    synopsis: 'verify [options] <dir|archive>',
    description: 'judge a finished backup, offline; of a real Axon Server, too',
    addTo: async (program, exitWith) =>
      (await import('./conformance/commands/verify.ts')).addVerifyCommand(program, exitWith),
  },
  {
    synopsis: 'merge [options] <report...>',
    description: 'one report of several shards',
    addTo: async (program, exitWith) =>
      (await import('./conformance/commands/merge.ts')).addMergeCommand(program, exitWith),
  },
  {
    synopsis: 'init [options] [dir]',
    description: 'a starter client, a config file, a CI file; never overwrites',
    addTo: async (program) => (await import('./conformance/commands/init.ts')).addInitCommand(program),
  },
  {
    synopsis: 'restore [options] <dir|archive>',
    description: 'lay a backup out as the files of a node',
    addTo: async (program, exitWith) =>
      (await import('./conformance/commands/restore.ts')).addRestoreCommand(program, exitWith),
  },
  {
    synopsis: 'list [options] [topic]',
    description: 'list rules, scenarios, hazards and faults',
    addTo: async (program) =>
      (await import('./conformance/commands/list.ts')).addListCommand(program, await loadCatalogue()),
  },
  {
    synopsis: 'explain [options] <id>',
    description:
      'what a rule, a scenario, a hazard or a fault is about: what it demands, why, how it breaks, who proves it',
    addTo: async (program) =>
      (await import('./conformance/commands/explain.ts')).addExplainCommand(program, await loadCatalogue()),
  },
  {
    synopsis: 'demo [options] [hazard]',
    description: 'show a compaction hazard, naive client beside correct client',
    addTo: async (program, exitWith) =>
      (await import('./conformance/commands/demo.ts')).addDemoCommand(program, await loadClients(), exitWith),
  },
  {
    synopsis: 'selftest [options]',
    description: 'reference clients pass, every mutant dies by its named rule',
    addTo: async (program, exitWith) =>
      (await import('./conformance/commands/selftest.ts')).addSelftestCommand(program, await loadClients(), exitWith),
  },
];

/** The command that the words behind the program's name call, or ask help for; null where they call none. */
export function commandIn(words: readonly string[]): CommandEntry | null {
  const [first, second] = words;
  const name = first === 'help' ? second : first;
  return commands.find(({ synopsis }) => synopsis.split(' ')[0] === name) ?? null;
}

async function loadCatalogue(): Promise<Catalogue> {
  const [{ rules }, { scenarios }, { fixtureClients }] = await Promise.all([
    import('./conformance/rules/catalog.ts'),
    import('./conformance/scenarios/catalog.ts'),
    import('./fixtures/clients/catalog.ts'),
  ]);
  return { rules, scenarios, mutants: fixtureClients.filter(({ kind }) => kind === 'mutant') };
}

async function loadClients(): Promise<ReadonlyArray<FixtureClient & { readonly argv: readonly string[] }>> {
  const [{ fixtureClients }, { argvOf }] = await Promise.all([
    import('./fixtures/clients/catalog.ts'),
    import('./fixtures/clients/start-command.ts'),
  ]);
  return fixtureClients.map((client) => ({ ...client, argv: argvOf(client) }));
}
