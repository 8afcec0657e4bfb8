import { expect, test } from 'vitest';
import { requireRoom } from '../../../conformance/restore/room.ts';
import { failureOf } from '../../support/failure-of.ts';

const plan = { files: [], database: { from: 'a.zip', to: 'controldb', image: new Uint8Array(4096) } };

/** It once said that 1 MiB was needed, and 1 MiB left. */
test('a disk that lacks a byte is said to have less than is needed', () => {
  requireRoom('/restored', plan, () => 4096);
  expect(failureOf(() => requireRoom('/restored', plan, () => 4095))).toMatchObject({
    kind: 'bad-option',
    message: '--to: 1 MiB are needed, and the disk of /restored has 0 MiB left',
  });
});
