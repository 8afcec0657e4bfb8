// Clients of both kinds, a good one and a bad one each; then a look at a backup that was kept. Prints JSON.
import { runConformance, verifyBackup } from 'axon-backup-kit/conformance';
import { backup, backupWithoutAdmin } from './backup.mjs';

const only = ['growth/first-backup'];
const clients = {
  goodFunction: backup,
  badFunction: backupWithoutAdmin,
  goodCommand: ['node', './command.mjs', 'backup'],
  badCommand: ['node', './command.mjs', 'backupWithoutAdmin'],
};
const seen = {};
for (const [name, client] of Object.entries(clients)) {
  const { exitCode, rules, scenarios } = await runConformance({ client, only, outDir: `out/${name}` });
  const failed = rules.filter(({ status }) => status === 'fail').map(({ id }) => id);
  seen[name] = { exitCode, failed, repro: scenarios[0].repro, artefacts: scenarios[0].artefacts };
}
const verification = await verifyBackup('out/goodFunction/growth.first-backup/backup');
console.log(JSON.stringify({ ...seen, verdict: verification.verdict, starts: verification.restored.starts }));
