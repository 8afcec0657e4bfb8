import { formatClientUser } from '../driver/client-user.ts';
import { DATA_PLACEHOLDER, variableNames } from '../driver/invocation-variables.ts';
import { isLoopback } from './play/host.ts';
import { quoteWord } from './report/repro.ts';
import type { Surroundings } from './selection/surroundings.ts';

/**
 * The `docker run` line for a client in a container, to be put behind `--` of a check: all variables that the driver may set
 * are handed on by their names, so that no value stands in the line, and the folder of the scenario is mounted under the name
 * that they have it by. `{data}` is that folder, which is another one in each scenario. `command` is the image and what it is to
 * run; the word IMAGE stands for one that was not given.
 */
export function formatContainerCommand(
  command: readonly string[],
  { host = '127.0.0.1', clientUser, source }: Pick<Surroundings, 'host' | 'clientUser' | 'source'>,
): string {
  const data = `{${DATA_PLACEHOLDER}}`;
  const parts = [
    'docker',
    'run',
    '--rm',
    '--init',
    // Of the container's own network the address of another interface can be reached, and loopback is its own.
    ...(isLoopback(host) ? ['--network', 'host'] : []),
    '-v',
    `${data}:${data}`,
    ...(source === undefined ? [] : ['-v', `${data}/cluster:${data}/cluster:ro`]),
    ...variableNames.flatMap((name) => ['-e', name]),
    ...(clientUser === undefined ? [] : ['--user', formatClientUser(clientUser)]),
    ...(command.length === 0 ? ['IMAGE'] : command),
  ];
  return parts.map(quoteWord).join(' ');
}
