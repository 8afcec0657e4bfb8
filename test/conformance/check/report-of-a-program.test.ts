import { expect, test } from 'vitest';
import { formatJson, parseJsonReport, runConformance } from '../../../conformance/index.ts';

/** Such a report, as it was, had the temporary folders that failures are kept in: nothing that the schema knows. */
test('what a program has of a check is a JSON report where it is written as one, and goes on from there', async () => {
  const only = ['order/node-behind', 'order/other-node'];
  const report = await runConformance({ client: async () => undefined, only });
  expect(report.scenarios.map(({ artefacts }) => artefacts?.isTemporary)).toContain(true);
  const read = parseJsonReport(formatJson(report), 'report.json');
  expect(formatJson(read)).toBe(formatJson(report));
  const again = await runConformance({ client: async () => undefined, only, lastFailed: read });
  expect(again.scenarios.map(({ id }) => id)).toEqual(report.scenarios.map(({ id }) => id));
});
