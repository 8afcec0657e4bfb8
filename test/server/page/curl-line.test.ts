import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatCurlLine, type Call } from '../../../server/page/curl-line.ts';
import { curlArgumentsOf } from '../../support/shell-words.ts';

const baseUrl = 'http://127.0.0.1:8024';
const advance: Call = { method: 'POST', path: '/_sim/clock/advance', body: { by: '31m' }, isPublic: false };

describe('a curl line', () => {
  test('reads as somebody would write it', () => {
    expect(formatCurlLine(baseUrl, advance, false)).toBe(
      `curl -s -X POST http://127.0.0.1:8024/_sim/clock/advance -d '{"by":"31m"}'`,
    );
    const listing: Call = { method: 'GET', path: '/v1/backup/filenames?type=EVENT', body: null, isPublic: true };
    expect(formatCurlLine(baseUrl, listing, false)).toBe(
      "curl -s 'http://127.0.0.1:8024/v1/backup/filenames?type=EVENT'",
    );
  });

  test('takes the token from the environment, where the public API wants one', () => {
    const backup: Call = { method: 'POST', path: '/v1/backup/createControlDbBackup', body: null, isPublic: true };
    const line = formatCurlLine(baseUrl, backup, true);
    expect(curlArgumentsOf(line, { AXONSERVER_TOKEN: 'a token' })).toEqual([
      '-s',
      '-X',
      'POST',
      '-H',
      'AxonIQ-Access-Token: a token',
      `${baseUrl}${backup.path}`,
    ]);
    expect(formatCurlLine(baseUrl, advance, true)).not.toContain('Token');
  });

  test('reaches curl as it was meant, whatever stands in it', () => {
    const text = fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\0'));
    fc.assert(
      fc.property(text, text, (name, value) => {
        const path = `/_sim/contexts/${encodeURIComponent(name)}`;
        const body = { [name]: value };
        const line = formatCurlLine(baseUrl, { method: 'PUT', path, body, isPublic: false }, false);
        expect(curlArgumentsOf(line)).toEqual(['-s', '-X', 'PUT', `${baseUrl}${path}`, '-d', JSON.stringify(body)]);
      }),
      { numRuns: 50, examples: [["it's", '$HOME `id` "\\\n']] },
    );
  });
});
