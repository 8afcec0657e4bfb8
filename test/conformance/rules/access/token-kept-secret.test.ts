import { describe, expect, test } from 'vitest';
import { tokenKeptSecret } from '../../../../conformance/rules/access/token-kept-secret.ts';
import { evidence, goodRun, post, run } from '../../../support/evidence.ts';

const requests = [post(undefined, { hasToken: true })];

describe('access/token-kept-secret', () => {
  test('passes where the token was used and shows up nowhere', () => {
    const runs = [run({ requests })];
    expect(tokenKeptSecret.check(evidence({ hasAccessControl: true, runs }))).toMatchObject({ verdict: 'pass' });
  });

  test('fails for each place where it was found', () => {
    const runs = [run({ requests, tokenSightings: ['stderr', 'backup/config.json'] })];
    expect(tokenKeptSecret.check(evidence({ hasAccessControl: true, runs }))).toMatchObject({
      verdict: 'fail',
      findings: [
        { run: 1, subject: 'stderr', actual: 'the token stands in it, for whoever reads it' },
        { subject: 'backup/config.json' },
      ],
    });
  });

  test('says nothing without access control, or where no run used the token', () => {
    expect(tokenKeptSecret.check(evidence({ runs: [goodRun(1)] }))).toMatchObject({ verdict: 'inconclusive' });
    expect(tokenKeptSecret.check(evidence({ hasAccessControl: true, runs: [run()] }))).toMatchObject({
      verdict: 'inconclusive',
    });
  });
});
