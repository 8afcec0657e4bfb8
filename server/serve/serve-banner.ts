import { styleText } from 'node:util';
import type { Simulator } from '../index.ts';

/** Text with or without colours. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
}

/** Colours on a terminal, or where `FORCE_COLOR` asks for them; none with `NO_COLOR`. */
export function createStyle(
  stream: { readonly isTTY?: boolean },
  environment: Readonly<Record<string, string | undefined>>,
): Style {
  const { FORCE_COLOR: forced, NO_COLOR: refused = '' } = environment;
  const isAsked = forced === undefined ? stream.isTTY === true : forced !== '0' && forced !== 'false';
  if (!isAsked || refused !== '') return { bold: plain, dim: plain };
  // Decided above, for the stream that is meant; left to itself `styleText` would look at stdout.
  const options = { validateStream: false };
  return { bold: (text) => styleText('bold', text, options), dim: (text) => styleText('dim', text, options) };
}

function plain(text: string): string {
  return text;
}

/** The nodes as a table, and what to try next. */
export function formatBanner(
  { nodes, groups }: Pick<Simulator, 'nodes' | 'groups'>,
  { speed, hasToken }: { readonly speed: number; readonly hasToken: boolean },
  style: Style,
): string {
  const rows = [['node', 'url', 'files'], ...nodes.map(({ name, url, dataDir }) => [name, url, dataDir])];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const table = rows.map((row, place) => {
    const line = row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
    return `  ${place === 0 ? style.bold(line) : line}`;
  });
  const { url, group, context } = pickExample(nodes, groups);
  // What is the simulator's own lies beside the server's context path.
  const origin = URL.canParse(url) ? new URL(url).origin : url;
  const token = hasToken ? " -H 'AxonIQ-Access-Token: …'" : '';
  const time = speed === 0 ? 'time stands still until you move it' : `${speed} virtual seconds pass each second`;
  return [
    '',
    ...table,
    '',
    `  ${style.dim(`${time}; Ctrl-C ends it`)}`,
    '',
    `  ${style.bold('try')}`,
    `  curl${token} -X POST ${url}/v1/backup/createControlDbBackup`,
    `  curl${token} '${url}/v1/backup/log/filenames?context=${group}'`,
    `  curl${token} '${url}/v1/backup/eventstore?type=EVENT&targetContext=${context}'`,
    `  curl -X POST ${origin}/_sim/clock/advance -d '{"by":"1h"}'`,
    '',
    `  ${origin}/                  the cluster, live`,
    `  ${url}/swagger-ui.html   the server's API`,
    `  ${origin}/_sim/docs         the control API`,
    '',
    '',
  ].join('\n');
}

/** Something to ask for that there is: the first node that holds a context, and that context. */
function pickExample(
  nodes: Simulator['nodes'],
  groups: Simulator['groups'],
): { readonly url: string; readonly group: string; readonly context: string } {
  for (const { url, roles } of nodes) {
    for (const { name, contexts } of groups) {
      const [context] = contexts;
      if (context === undefined || roles[name] === undefined || roles[name] === 'MESSAGING_ONLY') continue;
      return { url, group: encodeURIComponent(name), context: encodeURIComponent(context) };
    }
  }
  return { url: nodes[0]?.url ?? '', group: '_admin', context: 'default' };
}
