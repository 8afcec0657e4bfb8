import type { Element } from 'xast';
import type { ReportedRequest, ScenarioJournal } from '../../verdict/scenario-journal.ts';
import { count } from '../layout.ts';
import { anchorOfRequest } from './anchors.ts';
import { el, scrolling, type Content } from './elements.ts';

/** Requests of one scenario that are shown; a client that polls makes thousands. */
export const MOST_REQUESTS = 200;

const columns = ['#', 'run', 'virtual time', 'node', 'request', 'status', 'answer', 'planned fault'];

/** The HTTP journal of a scenario, behind a line that opens it. */
export function requestsTable(scenario: string, { requests }: ScenarioJournal): Element {
  const shown = shownOf(requests);
  const left = requests.length - shown.length;
  return el(
    'details',
    {},
    el('summary', {}, `HTTP journal: ${count(requests.length, 'request')}`),
    el(
      'div',
      { class: 'inside' },
      scrolling(
        `Requests of ${scenario}`,
        el(
          'table',
          {},
          el(
            'thead',
            {},
            el(
              'tr',
              {},
              columns.map((name) => el('th', { scope: 'col' }, name)),
            ),
          ),
          el(
            'tbody',
            {},
            shown.map((request) => rowOf(scenario, request)),
          ),
        ),
      ),
      ...(left > 0 ? [el('p', {}, `… and ${left} more; --out DIR keeps the whole journal.`)] : []),
    ),
  );
}

/** Ordinals of the requests that the table has. */
export function listedIn({ requests }: ScenarioJournal): ReadonlySet<number> {
  return new Set(shownOf(requests).map(({ ordinal }) => ordinal));
}

function shownOf(requests: readonly ReportedRequest[]): readonly ReportedRequest[] {
  return requests.slice(0, MOST_REQUESTS);
}

function rowOf(scenario: string, request: ReportedRequest): Element {
  const { ordinal, run, atMs, node, method, path, status, answer, fault } = request;
  const hasFailed = status === 0 || status >= 300;
  const statusText = status === 0 ? 'no answer' : String(status);
  const cells: Content[] = [
    run,
    el('span', { class: 'nowrap' }, formatVirtualTime(atMs)),
    el('span', { class: 'nowrap' }, node),
    el('code', {}, `${method} ${path}${queryOf(request)}`),
    hasFailed ? el('strong', { class: 'fail' }, statusText) : statusText,
    answer,
    fault ?? '',
  ];
  return el(
    'tr',
    { id: anchorOfRequest(scenario, ordinal) },
    el('th', { scope: 'row' }, ordinal),
    cells.map((cell) => el('td', {}, cell)),
  );
}

function queryOf({ query }: ReportedRequest): string {
  const parameters = Object.entries(query).map(([name, value]) => `${name}=${value}`);
  return parameters.length === 0 ? '' : `?${parameters.join('&')}`;
}

/** `2024-01-02 03:05:12.022`, UTC. */
export function formatVirtualTime(atMs: number): string {
  return new Date(atMs).toISOString().replace('T', ' ').replace('Z', '');
}
