import { expect, test } from 'vitest';
import { tailOf } from '../../../conformance/journal/recording/stderr-tail.ts';

test('the last lines are kept, without blank ones and the insides of Node', () => {
  const lines = Array.from({ length: 30 }, (_nothing, place) => `line ${place}`);
  expect(tailOf(lines.join('\n\n'), [])).toEqual(lines.slice(-12));
  expect(tailOf('Error: no\r\n    at Module._load (node:internal/modules/cjs/loader:104:12)\r\n', [])).toEqual([
    'Error: no',
  ]);
  expect(tailOf('', [])).toEqual([]);
});

test('a token is struck out before anything is cut, and no half of it is left', () => {
  const secret = 'sesame-open';
  const [line = ''] = tailOf(`${'x'.repeat(295)}${secret}`, [[secret, '***']]);
  expect(line).not.toContain('sesam');
  expect(line).toContain('***');
});

test('of two names the longer one is replaced first', () => {
  const namings = [
    ['/tmp/a', '…'],
    ['/tmp/a/backup', '$BACKUP_DIR'],
  ] as const;
  expect(tailOf('cannot write /tmp/a/backup/x', namings)).toEqual(['cannot write $BACKUP_DIR/x']);
});
