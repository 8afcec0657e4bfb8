import { expect, test } from 'vitest';
import { findToken } from '../../../conformance/journal/recording/token-sightings.ts';
import { AxonError } from '../../../server/index.ts';
import { backupFile, inventory } from '../../support/evidence.ts';

const silent = { exitCode: 0, signal: null, hasTimedOut: false, stdout: '', stderr: '' };

test('a token is seen in what a run says and leaves, and a file that has gone since tells nothing', () => {
  const holding = {
    ...backupFile({ name: 'notes.txt', path: 'notes.txt' }),
    readBytes: () => Buffer.from('a secret b'),
  };
  const gone = {
    ...backupFile({ name: 'gone.txt', path: 'gone.txt' }),
    readBytes: (): Buffer => {
      throw new AxonError('data-file-read', 'gone.txt has changed since the backup was looked at');
    },
  };
  expect(findToken('secret', { ...silent, stdout: 'secret' }, inventory([gone, holding]))).toEqual([
    'stdout',
    'notes.txt',
  ]);
});
