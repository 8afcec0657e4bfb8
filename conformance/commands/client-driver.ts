import os from 'node:os';
import { isLoopback, resolveHost } from '../check/play/host.ts';
import { requireClientUser } from '../driver/client-user.ts';
import { CommandDriver } from '../driver/command-driver.ts';
import { requireReadOnly } from '../driver/read-only-source.ts';
import { complain } from './complaints.ts';
import type { ClientFlags } from './client-options.ts';

/** The client, as it is started in its surroundings. Fails with `bad-option` where those cannot be had here. */
export async function clientDriver(
  argv: readonly string[],
  { shell, clientUser, source, host }: Pick<ClientFlags, 'shell' | 'clientUser' | 'source' | 'host'>,
): Promise<CommandDriver> {
  // Only of an address that will do is there anything to warn of.
  if (host !== undefined && !isLoopback((await resolveHost(host)).address)) {
    const open = 'whoever reaches it can read what the clusters of this check hold; their control API stays closed';
    complain(`--host ${host} is no loopback address: ${open}`);
  }
  if (clientUser !== undefined) {
    requireClientUser(clientUser, process.getuid?.());
    // What the server writes is for the client to read, whatever the caller keeps from others.
    process.umask(0o022);
  }
  if (source === 'read-only') requireReadOnly(os.tmpdir());
  return new CommandDriver({
    argv,
    useShell: shell,
    environment: process.env,
    ...(clientUser === undefined ? {} : { user: clientUser }),
    isSourceReadOnly: source === 'read-only',
  });
}
