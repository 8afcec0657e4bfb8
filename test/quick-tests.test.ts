import { describe, expect, test } from 'vitest';
import { listTests, quickTests } from './quick-tests.ts';

describe('the quick tests', () => {
  const quick = quickTests();

  test('are more than half of all files, and rules, formats and reporters are among them', () => {
    expect(quick.length).toBeGreaterThan(listTests().length / 2);
    for (const folder of ['conformance/rules', 'conformance/reporters', 'server/formats', 'server/stores', 'timeline'])
      expect(quick.some((file) => file.startsWith(`test/${folder}/`))).toBe(true);
  });

  test('start nothing, be it by what they have at second hand', () => {
    const folders = ['e2e', 'browser', 'fixtures', 'soak'];
    expect(quick.filter((file) => folders.some((folder) => file.startsWith(`test/${folder}/`)))).toEqual([]);
    // By played-client.ts, by fixture-client.ts with a process, and by simulator.ts.
    for (const name of ['conformance/scenarios/mid-file', 'conformance/demo/demonstrations', 'server/http/faults'])
      expect(quick).not.toContain(`test/${name}.test.ts`);
  });
});
