import { expect, test } from 'vitest';
import { formatContainerCommand } from '../../../conformance/check/container-command.ts';
import { runConformance } from '../../../conformance/check/run-conformance.ts';
import { CommandDriver } from '../../../conformance/driver/command-driver.ts';
import { argvOfBuilt, fixtureClient } from '../../support/fixture-client.ts';
import { writeStandInDocker } from '../../support/stand-in-docker.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

test('a client in a container is told all that one beside it is told', () => {
  expect(formatContainerCommand(['registry.example/job:1', '--to', '{backup}', 'a b'], {})).toBe(
    'docker run --rm --init --network host -v {data}:{data} ' +
      '-e AXONSERVER_URL -e AXONSERVER_NODES -e AXONSERVER_CONTEXTS -e AXONSERVER_DCB_CONTEXTS -e AXONSERVER_REPLICATION_GROUPS ' +
      '-e AXONSERVER_PATH_MAP -e AXONSERVER_TOKEN -e BACKUP_DIR -e BACKUP_STATE_DIR -e BACKUP_RUN -e TMPDIR ' +
      "registry.example/job:1 --to {backup} 'a b'",
  );
});

test('it has a network of its own where the clusters listen at an address that it can reach', () => {
  const line = formatContainerCommand([], { host: '172.17.0.1', clientUser: { uid: 1001, gid: 1001 } });
  expect(line).not.toContain('--network');
  expect(line).toMatch(/ --user 1001:1001 IMAGE$/);
});

test('the line is good as it stands: a client that has nothing but what it hands on makes its backup', async () => {
  const folder = temporaryFolder();
  writeStandInDocker(folder, 'backup job:1');
  const line = formatContainerCommand(['backup job:1', ...argvOfBuilt(fixtureClient('reference'))], {});
  const environment = { ...process.env, PATH: `${folder}:${process.env['PATH']}`, BACKUP_DIR: '/of another job' };
  const report = await runConformance({
    driver: new CommandDriver({ argv: [line], useShell: true, environment }),
    serverRoot: '/axonserver',
    only: ['access/token-needed'],
    keepsFailures: false,
  });
  expect(report.exitCode).toBe(0);
});
