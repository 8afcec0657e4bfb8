import { requireClientUser } from '../driver/client-user.ts';
import { CommandDriver } from '../driver/command-driver.ts';
import type { ClientFlags } from './client-options.ts';

/** The client, as it is started in its surroundings. Fails with `bad-option` where those cannot be had here. */
export function clientDriver(
  argv: readonly string[],
  { shell, clientUser }: Pick<ClientFlags, 'shell' | 'clientUser'>,
): CommandDriver {
  if (clientUser !== undefined) {
    requireClientUser(clientUser, process.getuid?.());
    // What the server writes is for the client to read, whatever the caller keeps from others.
    process.umask(0o022);
  }
  return new CommandDriver({
    argv,
    useShell: shell,
    environment: process.env,
    ...(clientUser === undefined ? {} : { user: clientUser }),
  });
}
