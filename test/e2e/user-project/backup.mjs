import { copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/**
 * A backup client as a user of the kit may have one, written from the contract: everything is copied anew in each run,
 * where nobody looks, and takes the place of the last backup by one rename.
 */
export async function backup({ url, contexts, groups, token, backupDir, stateDir, run, signal }) {
  const ask = async (address, method = 'GET') => {
    const headers = token ? { 'AxonIQ-Access-Token': token } : {};
    const response = await fetch(`${url}${address}`, { method, headers, signal });
    if (!response.ok) throw new Error(`${method} ${address}: ${response.status}`);
    return response;
  };
  const copyInto = async (folder, files) => {
    await mkdir(folder, { recursive: true });
    for (const file of files) await copyFile(file, path.join(folder, path.basename(file)));
  };
  const staging = path.join(stateDir, 'staging');
  await rm(staging, { recursive: true, force: true });

  const zip = await (await ask('/v1/backup/createControlDbBackup', 'POST')).text();
  await copyInto(staging, [zip]);
  for (const group of groups) {
    const names = await (await ask(`/v1/backup/log/filenames?context=${encodeURIComponent(group)}`)).json();
    await copyInto(path.join(staging, 'log', group), names);
  }
  for (const context of contexts) {
    for (const type of ['EVENT', 'SNAPSHOT']) {
      const address = `/v1/backup/eventstore?type=${type}&targetContext=${encodeURIComponent(context)}`;
      const { filenames } = await (await ask(address)).json();
      await copyInto(path.join(staging, 'events', context), filenames);
    }
  }

  const place = `backup-${String(run).padStart(6, '0')}`;
  await rename(staging, path.join(backupDir, place));
  for (const name of await readdir(backupDir)) {
    if (name !== place) await rm(path.join(backupDir, name), { recursive: true });
  }
}

/** The same with a mistake: the log of `_admin` is left out. */
export async function backupWithoutAdmin(told) {
  await backup({ ...told, groups: told.groups.filter((group) => group !== '_admin') });
}
