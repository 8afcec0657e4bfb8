// The client as a command: told by environment variables; its argument says which of the two it is.
import { backup, backupWithoutAdmin } from './backup.mjs';

const clients = { backup, backupWithoutAdmin };
const { env } = process;
const [name] = process.argv.slice(2);
try {
  await clients[name]({
    url: env.AXONSERVER_URL,
    contexts: env.AXONSERVER_CONTEXTS.split(','),
    groups: env.AXONSERVER_REPLICATION_GROUPS.split(','),
    token: env.AXONSERVER_TOKEN,
    backupDir: env.BACKUP_DIR,
    stateDir: env.BACKUP_STATE_DIR,
    run: env.BACKUP_RUN,
  });
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
