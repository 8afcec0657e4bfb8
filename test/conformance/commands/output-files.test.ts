import * as fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { requireWritable } from '../../../conformance/commands/output-files.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

test('files that are there stay as they are, and others are not there afterwards', () => {
  const folder = temporaryFolder();
  const old = path.join(folder, 'old.json');
  fs.writeFileSync(old, 'the last report');
  const links = temporaryFolder();
  fs.symlinkSync(path.join(folder, 'linked.md'), path.join(links, 'to-be.md'));
  requireWritable([
    { option: '--report json', file: old },
    { option: '--report html', file: path.join(folder, 'new.html') },
    { option: '--report junit', file: '/dev/null' },
    // A stream takes one report after the other.
    { option: '--report json', file: '/dev/null' },
    { option: '--report markdown', file: path.join(links, 'to-be.md') },
  ]);
  expect(fs.readdirSync(folder)).toEqual(['old.json']);
  expect(fs.readFileSync(old, 'utf8')).toBe('the last report');
});

test('two options do not write over each other, whatever they call the file', () => {
  const folder = temporaryFolder();
  const file = path.join(folder, 'report');
  fs.symlinkSync(folder, path.join(folder, 'link'));
  const outputs = [
    { option: '--report json', file },
    { option: '--report html', file: path.join(folder, 'link', 'report') },
  ];
  expect(() => requireWritable(outputs)).toThrow(/^--report html: .* is where --report json goes, too$/);
  fs.writeFileSync(file, '');
  expect(() => requireWritable(outputs)).toThrow('is where --report json goes');
});

test('what cannot be written is said, with the reason', () => {
  const folder = temporaryFolder();
  const refused = (file: string) => () => requireWritable([{ option: '--json', file }]);
  expect(refused(folder)).toThrow(/^--json: .* is a folder/);
  expect(refused(path.join(folder, 'no', 'file'))).toThrow(`--json: there is no folder ${path.join(folder, 'no')}`);
  expect(refused('')).toThrow('--json: the file has no name');
});

test.skipIf(!fs.existsSync('/proc/self'))('a file system that lets nobody make a file is found out', () => {
  expect(() => requireWritable([{ option: '--json', file: '/proc/report.json' }])).toThrow(
    'cannot be written (ENOENT)',
  );
});
