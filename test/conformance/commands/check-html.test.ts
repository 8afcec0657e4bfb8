import * as fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { tokenNeeded } from '../../../conformance/scenarios/access/token-needed.ts';
import { callProgram } from '../../support/called-program.ts';
import { argvOfBuilt, fixtureClient } from '../../support/fixture-client.ts';
import { elementsOf, parseXmlElement } from '../../support/parsed-xml.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

test('check --report html= leaves a page with the picture and the requests of each scenario', async () => {
  const file = path.join(temporaryFolder(), 'report.html');
  const client = argvOfBuilt(fixtureClient('open-segment-left-out'));
  const only = ['--only', 'growth/first-backup', '--only', 'access/token-needed'];
  const { code, stderr } = await callProgram(['check', ...only, '--report', `html=${file}`, '--', ...client]);
  // What a check that was killed has left elsewhere may be told, too.
  expect(stderr.replace(/^axon-backup-kit: removed .*\n/, '')).toBe('');
  expect(code).toBe(0);
  const html = fs.readFileSync(file, 'utf8');
  const body = parseXmlElement(html.slice(html.indexOf('<body>'), html.indexOf('</html>')).trimEnd());
  const [picture, ...others] = elementsOf(body, 'svg');
  expect(others).toHaveLength(1);
  const [title, description] = picture?.children ?? [];
  expect(title?.text).toBe('growth/first-backup');
  expect(description?.text).toContain('Rule open-segment/included was broken in run 1 at 2024-01-01 00:00:05');
  expect(description?.text).toMatch(/Lost after a restore: \d+ events? of default \(EVENT\)/);
  expect(description?.text).toMatch(/Log of default: .*, applied up to \d+/);
  const requests = elementsOf(body, 'code').map(({ text }) => text);
  expect(requests).toContain('POST /v1/backup/createControlDbBackup');
  expect(requests).toContain('GET /v1/backup/log/filenames?context=_admin');
  expect(tokenNeeded.cluster.token).toBeDefined();
  expect(html).not.toContain(tokenNeeded.cluster.token);
});
