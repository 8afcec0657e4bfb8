import { expect, test } from 'vitest';
import { notesOnSelection } from '../../../conformance/commands/selection-notes.ts';
import { rules } from '../../../conformance/rules/catalog.ts';
import { scenarios } from '../../../conformance/scenarios/catalog.ts';

const notesOn = (only: readonly string[], skip: readonly string[] = []): string[] =>
  notesOnSelection({ only, skip }, { rules, scenarios });

test('of a selection that comes to something there is nothing to say', () => {
  expect(notesOn([])).toEqual([]);
  expect(notesOn(['log/**', 'growth/first-backup'], ['log/*'])).toEqual([]);
});

test('a glob that matches no scenario is named, even beside one that does', () => {
  expect(notesOn(['growth/*', 'grwoth/*'], ['lgo/**'])).toEqual([
    '--only grwoth/* matches no scenario: `axon-backup-kit list scenarios` tells what there is',
    '--skip lgo/** matches no scenario: `axon-backup-kit list scenarios` tells what there is',
  ]);
});

test('a rule in the place of a scenario is known, with the scenarios that judge it', () => {
  const [note] = notesOn(['log/all-groups']);
  expect(note).toMatch(/^--only log\/all-groups matches no scenario: it is a rule, judged in growth\/first-backup, /);
  expect(note).toContain('`axon-backup-kit explain log/all-groups`');
});

test('a selection that --skip leaves nothing of is said to be empty', () => {
  expect(notesOn(['log/**'], ['**'])).toEqual(['--skip leaves out all that there is to play']);
});
