import { describe, expect, test } from 'vitest';
import { playClient } from '../../support/played-client.ts';

const placement = ['coverage/group-named-otherwise', 'coverage/node-without-context', 'access/token-too-weak'];

describe('clusters whose nodes and groups differ', () => {
  test('let a client pass that knows but one endpoint', async () => {
    const report = await playClient('filenames-endpoint', placement);
    expect(report.scenarios.map(({ id, status, message }) => [id, status, message])).toEqual(
      placement.map((id) => [id, 'pass', null]),
    );
    expect(report.exitCode).toBe(0);
  });

  test('a client that goes to another node makes a backup of everything, and one that stays fails', async () => {
    const exitCodesOf = async (client: string): Promise<unknown> =>
      (await playClient(client, ['coverage/node-without-context'])).scenarios[0]?.runs.map(({ exitCode }) => exitCode);
    expect(await exitCodesOf('another-node')).toEqual([0, 0, 0, 0]);
    expect(await exitCodesOf('reference')).toEqual([0, 1, 1, 0]);
  });
});
