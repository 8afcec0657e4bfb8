import path from 'node:path';
import type { Simulator } from '../../../server/index.ts';
import type { RunResult } from '../../driver/client-driver.ts';
import type { RunRecord } from '../../journal/evidence.ts';
import { placesOf } from '../../journal/recording/server-files.ts';
import { tailOf, type Naming } from '../../journal/recording/stderr-tail.ts';
import { printable } from '../../verdict/printable.ts';
import { serverRootOf } from './cluster-options.ts';
import { secretsIn } from './cluster-facts.ts';
import { deniedFolderOf } from './denied-folder.ts';
import { inUrl, type Host } from './host.ts';
import type { ScenarioRunOptions } from './scenario-run-options.ts';

/** The nodes as they are, and as the client was told of them. */
type ToldCluster = Pick<Simulator, 'nodes'> & { readonly told: Simulator['nodes']; readonly host: Host };

/** What the client said last where it ended badly, and what that tells of the folders that it was given. */
export function wordsOf(
  result: RunResult,
  cluster: ToldCluster,
  options: Pick<ScenarioRunOptions, 'folder' | 'scenario' | 'serverRoot' | 'clientUser'>,
): Pick<RunRecord, 'stderrTail' | 'deniedFolder'> {
  return { ...lastWordsOf(result, cluster, options), ...deniedFolderOf(result, options) };
}

/**
 * What the client said last on stderr, where the run ended badly: without tokens, and with the names of the contract for
 * folders and addresses, which are others in each run.
 */
function lastWordsOf(
  { exitCode, stderr }: RunResult,
  { nodes, told, host }: ToldCluster,
  of: Pick<ScenarioRunOptions, 'folder' | 'scenario' | 'serverRoot'>,
): Pick<RunRecord, 'stderrTail'> {
  const { folder, scenario } = of;
  if (exitCode === 0) return {};
  const tail = tailOf(stderr, [
    ...secretsIn(scenario).flatMap((secret): Naming[] => [
      [secret, '***'],
      [encodeURIComponent(secret), '***'],
    ]),
    ...told.flatMap(({ name, url }): Naming[] => {
      const { port } = new URL(url);
      return [inUrl(host.address), host.name].map((called) => [`${called}:${port}`, name]);
    }),
    ...placesOf(nodes, serverRootOf(of)),
    [`${path.join(folder, 'cluster')}/`, ''],
    [path.join(folder, 'backup'), '$BACKUP_DIR'],
    [path.join(folder, 'state'), '$BACKUP_STATE_DIR'],
    [path.join(folder, 'tmp'), '$TMPDIR'],
    [folder, '…'],
  ]);
  return tail.length === 0 ? {} : { stderrTail: tail.map(printable) };
}
