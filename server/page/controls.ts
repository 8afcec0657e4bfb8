import type { Fault, FaultAction } from '../simulation/faults.ts';
import type { Control, Field } from './control.ts';
import type { Call } from './curl-line.ts';

const eventType: Field = {
  name: 'type',
  label: 'Type',
  kind: 'choice',
  choices: [
    { value: 'EVENT', label: 'EVENT' },
    { value: 'SNAPSHOT', label: 'SNAPSHOT' },
  ],
};
const context: Field = { name: 'context', label: 'Context', kind: 'cluster', of: 'contexts' };
const group: Field = { name: 'group', label: 'Replication group', kind: 'cluster', of: 'groups' };
const node: Field = { name: 'node', label: 'Node', kind: 'cluster', of: 'nodes' };

/** Everything that the page can do: each button is one call that anybody could make with curl, too. */
export const controls: readonly Control[] = [
  {
    id: 'time',
    title: 'Time',
    about: 'Whatever falls due on the way happens: segments close, the log is cleaned.',
    fields: [
      { name: 'by', label: 'By', kind: 'text', initial: '31m', suggestions: ['90s', '10m', '31m', '1h', '3h', '1d'] },
    ],
    actions: [{ label: 'Advance', call: (value) => post('/_sim/clock/advance', { by: value('by') }) }],
  },
  {
    id: 'events',
    title: 'Events',
    about: 'Written through the replicated log; a full segment closes as time passes.',
    fields: [
      context,
      eventType,
      { name: 'transactions', label: 'Transactions', kind: 'number', initial: 100, least: 1, most: 1_000_000 },
      { name: 'eventsPerTransaction', label: 'Events in each', kind: 'number', initial: 1, least: 1, most: 100_000 },
      { name: 'payloadBytes', label: 'Bytes in each', kind: 'number', initial: 200, least: 0, most: 16 * 1024 ** 2 },
    ],
    actions: [
      {
        label: 'Append',
        call: (value) =>
          post(`/_sim/contexts/${encodeURIComponent(value('context'))}/append`, {
            transactions: Number(value('transactions')),
            eventsPerTransaction: Number(value('eventsPerTransaction')),
            payloadBytes: Number(value('payloadBytes')),
            type: value('type'),
          }),
      },
      {
        label: 'Roll',
        call: (value) => post(`/_sim/contexts/${encodeURIComponent(value('context'))}/roll`, { type: value('type') }),
      },
    ],
  },
  {
    id: 'backup',
    title: 'Backup',
    about: 'In the right order, from the node of this page.',
    fields: [
      group,
      context,
      eventType,
      {
        name: 'cursor',
        label: 'Last closed segment backed up',
        isWide: true,
        kind: 'text',
        initial: '',
        hint: 'empty for all',
      },
    ],
    actions: [
      { label: '1 Control database', call: () => ask('POST', '/v1/backup/createControlDbBackup') },
      {
        label: '2 Log files',
        call: (value) => ask('GET', `/v1/backup/log/filenames?${new URLSearchParams({ context: value('group') })}`),
      },
      {
        label: '3 Event files',
        call: (value) => ask('GET', `/v1/backup/eventstore?${eventStoreQuery(value)}`),
      },
    ],
  },
  {
    id: 'log',
    title: 'Log',
    about: "Cleaned by the server's own rule, with no regard for followers or backups.",
    fields: [node, group, { name: 'olderThan', label: 'Older than', kind: 'text', initial: '0s' }],
    actions: [
      {
        label: 'Clean',
        call: (value) =>
          post(`/_sim/nodes/${encodeURIComponent(value('node'))}/clean-log`, {
            group: value('group'),
            olderThan: value('olderThan'),
          }),
      },
    ],
  },
  {
    id: 'nodes',
    title: 'Nodes',
    about: 'A crash leaves torn writes behind; a start recovers and catches up.',
    fields: [
      node,
      { name: 'by', label: 'Lag', kind: 'text', initial: '5s', hint: '0s ends it' },
      { name: 'for', label: 'Stall for', kind: 'text', initial: '1h', hint: '0s ends it' },
    ],
    actions: [
      { label: 'Stop', call: (value) => post(`/_sim/nodes/${encodeURIComponent(value('node'))}/stop`, null) },
      {
        label: 'Crash',
        danger: {},
        call: (value) => post(`/_sim/nodes/${encodeURIComponent(value('node'))}/crash`, null),
      },
      { label: 'Start', call: (value) => post(`/_sim/nodes/${encodeURIComponent(value('node'))}/start`, null) },
      {
        label: 'Let it lag',
        call: (value) => post(`/_sim/nodes/${encodeURIComponent(value('node'))}/lag`, { by: value('by') }),
      },
      {
        label: 'Stall applying',
        call: (value) => post(`/_sim/nodes/${encodeURIComponent(value('node'))}/apply-stall`, { for: value('for') }),
      },
    ],
  },
  {
    id: 'fault',
    title: 'Faults',
    about: 'Strikes requests to the public API; a new plan takes the place of the old one.',
    fields: [
      {
        name: 'path',
        label: 'Path',
        isWide: true,
        kind: 'text',
        initial: '/v1/backup/*',
        hint: '* stands for any characters',
      },
      { name: 'node', label: 'Node', kind: 'cluster', of: 'nodes', orAll: 'all of them' },
      { name: 'times', label: 'Times', kind: 'number', initial: 1, least: 0, most: 1_000_000 },
      {
        name: 'do',
        label: 'What happens',
        isWide: true,
        kind: 'choice',
        choices: [
          { value: 'status', label: 'answer with a status', fills: { value: '503' } },
          { value: 'delay', label: 'hold the answer back', fills: { value: '5s' } },
          { value: 'reset', label: 'break the connection off', fills: { value: '' } },
          { value: 'truncateAt', label: 'cut the body off after bytes', fills: { value: '100' } },
          { value: 'cut', label: 'cut the body: half, last-byte', fills: { value: 'half' } },
          { value: 'body', label: 'answer with another body', fills: { value: '[]' } },
        ],
      },
      { name: 'value', label: 'Status, duration, bytes or body', isWide: true, kind: 'text', initial: '503' },
    ],
    actions: [
      {
        label: 'Plan',
        call: (value) => ({ method: 'PUT', path: '/_sim/faults', body: { rules: [faultOf(value)] }, isPublic: false }),
      },
      { label: 'Forget', call: () => ({ method: 'DELETE', path: '/_sim/faults', body: null, isPublic: false }) },
    ],
  },
  {
    id: 'transformation',
    title: 'Transformation',
    about: 'Of 2023.2: deletes events, which gives their segments a new version; compaction deletes the old ones.',
    fields: [
      context,
      { name: 'firstToken', label: 'From token', kind: 'number', initial: 0, least: 0, most: 1_000_000_000 },
      { name: 'lastToken', label: 'To token', kind: 'number', initial: 9, least: 0, most: 1_000_000_000 },
    ],
    actions: [
      {
        label: 'Transform',
        call: (value) =>
          post(`/_sim/contexts/${encodeURIComponent(value('context'))}/transform`, {
            firstToken: Number(value('firstToken')),
            lastToken: Number(value('lastToken')),
          }),
      },
      {
        label: 'Compact',
        call: (value) => post(`/_sim/contexts/${encodeURIComponent(value('context'))}/compact`, null),
      },
    ],
  },
  {
    id: 'reset',
    title: 'Beginning',
    about: "Back to the seed's beginning: empty folders, no faults, the first instant.",
    fields: [],
    actions: [
      {
        label: 'Reset',
        danger: {
          asks: 'This deletes the files of all nodes, the journal and the fault plan, and takes time back to its beginning. There is no way back.',
        },
        call: () => post('/_sim/reset', null),
      },
    ],
  },
];

function post(path: string, body: object | null): Call {
  return { method: 'POST', path, body, isPublic: false };
}

function ask(method: 'GET' | 'POST', path: string): Call {
  return { method, path, body: null, isPublic: true };
}

function eventStoreQuery(value: (name: string) => string): URLSearchParams {
  const query = new URLSearchParams({ type: value('type'), targetContext: value('context') });
  if (value('cursor') !== '') query.set('lastClosedSegmentBackedUp', value('cursor'));
  return query;
}

function faultOf(value: (name: string) => string): Fault {
  const match = { path: value('path'), ...(value('node') === '' ? {} : { node: value('node') }) };
  return { match, do: faultAction(value('do'), value('value')), times: Number(value('times')) };
}

function faultAction(kind: string, text: string): FaultAction {
  switch (kind) {
    case 'delay':
      return { delay: text };
    case 'reset':
      return { reset: true };
    case 'truncateAt':
      return { truncateAt: Number(text) };
    case 'cut':
      return { cut: text as 'half' | 'last-byte' };
    case 'body':
      return { body: text };
    default:
      return { status: Number(text) };
  }
}
