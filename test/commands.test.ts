import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { commandIn, commands } from '../commands.ts';

describe('the list of commands', () => {
  test.each(commands)('says of $synopsis what the command says of itself', async ({ addTo, synopsis, description }) => {
    const program = new Command('axon-backup-kit').helpCommand(false);
    await addTo(program, () => undefined);
    const [added] = program.commands;
    expect(program.commands).toHaveLength(1);
    expect(added?.description()).toBe(description);
    expect(program.createHelp().subcommandTerm(added ?? program)).toBe(synopsis);
  });
});

describe('what is called', () => {
  const nameOf = (words: readonly string[]): string | undefined => commandIn(words)?.synopsis.split(' ')[0];

  test('is the first word, or that behind help', () => {
    expect(nameOf(['check', '--', 'verify'])).toBe('check');
    expect(nameOf(['help', 'verify'])).toBe('verify');
  });

  test('is nothing where there is none, or none of that name', () => {
    for (const words of [[], ['--version'], ['--help'], ['help'], ['chekc'], ['verify ']])
      expect(nameOf(words)).toBe(undefined);
  });
});
