import { describe, expect, test } from 'vitest';
import { segmentVersions } from '../../../../conformance/rules/listing/segment-versions.ts';
import {
  evidence,
  exited,
  listedFile,
  run,
  segmentFile,
  segmentListing,
  segmentName,
} from '../../../support/evidence.ts';

const check = segmentVersions.check;
const transformed = '00000000000000000000_00001.events';
const ask = (...names: readonly string[]) => segmentListing({ files: names.map((name) => listedFile(name)) });
const plain = segmentFile('default', 0);
const version = segmentFile('default', 0, { name: transformed });

describe('listing/segment-versions', () => {
  test('passes where each listed version is there', () => {
    const runs = [run({ requests: [ask(segmentName(0), transformed)], after: [plain, version] })];
    expect(check(evidence({ runs }))).toEqual({ verdict: 'pass', judged: '1 listed versions of segments' });
  });

  test('fails where only the plain name is there, whatever its bytes are', () => {
    const requests = [ask(segmentName(0), transformed)];
    const stripped = segmentFile('default', 0, { checksum: `sha-${transformed}` });
    for (const after of [[], [plain], [stripped]]) {
      expect(check(evidence({ runs: [run({ requests, after })] }))).toMatchObject({
        verdict: 'fail',
        findings: [{ run: 1, expected: `${transformed} in the backup, as it is on node-1` }],
      });
    }
  });

  test('asks for no version that was listed and did not exist', () => {
    const requests = [segmentListing({ files: [listedFile(transformed, { checksum: null, sizeBytes: null })] })];
    expect(check(evidence({ runs: [run({ requests })] })).verdict).toBe('inconclusive');
  });

  test('says nothing where no version is listed, nor of a run that claims nothing', () => {
    expect(check(evidence()).verdict).toBe('inconclusive');
    const failed = run({ requests: [ask(transformed)], result: exited(1) });
    expect(check(evidence({ runs: [failed] })).verdict).toBe('inconclusive');
  });
});
