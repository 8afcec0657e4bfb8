import { contextNameOf, type Fault, type GroupOptions, type TokenOptions } from '../../server/index.ts';
import type { Action, Happening, Moment, Scenario, Step } from '../scenarios/scenario.ts';
import { count } from './layout.ts';

/** A step of a scenario as lines of text: one, and one more for whatever happens during a run. Tokens are left out. */
export function describeStep(step: Step): string[] {
  if (step.kind !== 'run') return [describeAction(step)];
  const where = step.node === undefined ? '' : ` against ${step.node}`;
  const token = step.token === undefined ? '' : ', with a token of its own';
  const surprises = (step.surprises ?? []).map(
    ({ at, happens }) => `  ${describeMoment(at)}: ${happens.map(describeHappening).join(', then ')}`,
  );
  const limit =
    step.fileLimitBytes === undefined
      ? ''
      : `; no file that it writes can have more than ${formatSize(step.fileLimitBytes)}`;
  return [`the client runs${where}${token}${limit}`, ...surprises];
}

function describeHappening(happening: Happening): string {
  if (happening.kind !== 'run-beside') return describeAction(happening);
  return 'another run of the client begins and ends, on the same folders';
}

function describeAction(action: Action): string {
  switch (action.kind) {
    case 'advance':
      return `virtual time moves on by ${action.by}`;
    case 'append': {
      const { transactions, eventsPerTransaction = 1, payloadBytes } = action;
      const events = eventsPerTransaction === 1 ? '' : ` of ${count(eventsPerTransaction, 'event')}`;
      const size = payloadBytes === undefined ? '' : ` with ${formatSize(payloadBytes)} each`;
      return `${count(transactions, 'transaction')}${events}${size} to ${nameStore(action)}`;
    }
    case 'roll':
      return `the open segment of ${nameStore(action)} closes`;
    case 'transform': {
      const { context = 'default', firstToken, lastToken } = action;
      return `a transformation deletes the events ${firstToken} to ${lastToken} of ${context}`;
    }
    case 'compact':
      return `old versions of the segments of ${action.context ?? 'default'} are deleted`;
    case 'clean-log': {
      const age = action.olderThan === undefined ? '' : `, files older than ${action.olderThan}`;
      return `${action.node} cleans the log of ${action.group}${age}`;
    }
    case 'stop':
      return `${action.node} stops`;
    case 'start':
      return `${action.node} starts`;
    case 'crash':
      return `${action.node} crashes`;
    case 'stall-apply':
      return `${action.node} applies nothing of its log for ${action.for}`;
    case 'delay-replication':
      return `${action.node} gets what its leaders write ${action.by} later`;
    case 'plan-faults':
      return action.rules.map(describeFaultRule).join('; ');
    case 'clear-faults':
      return 'faults end';
    case 'migrate-to-dcb':
      return `${action.context} becomes a context with a dynamic consistency boundary`;
    case 'hide-segment':
      return `the newest closed segment of ${action.node} cannot be read any more`;
    case 'show-segments':
      return 'all segments can be read again';
    case 'kill-client':
      return 'the client is killed';
  }
}

function nameStore({ context, type }: { readonly context?: string; readonly type?: 'EVENT' | 'SNAPSHOT' }): string {
  return `${type === 'SNAPSHOT' ? 'the snapshots' : 'the events'} of ${context ?? 'default'}`;
}

function describeFaultRule({ match, do: action, times = 1 }: Fault): string {
  const { method, path, query, node, nth } = match;
  const request = describeRequest({ path: path ?? '*', ...(method && { method }), ...(query && { query }) });
  const where = node === undefined ? '' : ` of ${node}`;
  const from = nth === undefined || nth === 1 ? '' : ` from the ${ordinal(nth)} on`;
  const effects = Object.entries(action).map(([name, value]) => (value === true ? name : `${name} ${String(value)}`));
  const often = times === 0 ? 'until faults end' : times === 1 ? 'once' : count(times, 'time');
  return `fault on ${request}${where}${from}: ${effects.join(', ')}, ${often}`;
}

function describeMoment(moment: Moment): string {
  const { nth = 1, when } = moment;
  const request = nth === 1 ? describeRequest(moment) : `the ${ordinal(nth)} ${describeRequest(moment)}`;
  return when === 'arrives' ? `before ${request} is answered` : `after ${request} is answered`;
}

function describeRequest({ method, path, query }: Pick<Moment, 'method' | 'path' | 'query'>): string {
  const parameters = Object.entries(query ?? {}).map(([name, value]) => `${name}=${value}`);
  return `${method === undefined ? '' : `${method} `}${path}${parameters.length === 0 ? '' : `?${parameters.join('&')}`}`;
}

function ordinal(number: number): string {
  const ending = number % 100 >= 11 && number % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th');
  return `${number}${ending}`;
}

/** What is particular about the cluster, in a few words each. */
export function describeCluster({ cluster, pace, oddities = [] }: Scenario): string[] {
  const { nodes, contexts, groups, rate, segmentSizeBytes, logSegmentSizeBytes, nodeSegmentSizeBytes } = cluster;
  return [
    ...(nodes === undefined ? [] : [count(nodes, 'node')]),
    ...(contexts === undefined ? [] : [`contexts ${contexts.join(', ')}`]),
    ...(groups ?? []).map(describeGroup),
    ...(rate === undefined ? [] : [`${count(rate, 'transaction')} a virtual second`]),
    ...(segmentSizeBytes === undefined ? [] : [`event segments of ${formatSize(segmentSizeBytes)}`]),
    ...Object.entries(nodeSegmentSizeBytes ?? {}).map(([node, bytes]) => `those of ${node} of ${formatSize(bytes)}`),
    ...(logSegmentSizeBytes === undefined ? [] : [`log segments of ${formatSize(logSegmentSizeBytes)}`]),
    ...Object.entries(cluster.firstTokens ?? {}).map(([context, token]) => `${context} begins at token ${token}`),
    ...(cluster.memoryMappedFiles === true ? ['bytes of open files change while their size and time do not'] : []),
    ...(cluster.token === undefined ? [] : ['access control is on']),
    ...(cluster.tokens ?? []).map(describeToken),
    ...oddities.map((oddity) => `odd listings: ${oddity.replaceAll('-', ' ')}`),
    ...(pace?.requestMs === undefined ? [] : [`a request takes ${pace.requestMs} ms`]),
    ...(pace?.copiedBytesPerSecond === undefined
      ? []
      : [`the client copies ${formatSize(pace.copiedBytesPerSecond)} a virtual second`]),
  ];
}

/** `group retail holds orders and billing, on node-1 and node-2 (MESSAGING_ONLY)`. */
function describeGroup({ name, contexts = [], members }: GroupOptions): string {
  const named = contexts.map((each) =>
    typeof each !== 'string' && each.dcb === true ? `${each.name} (dynamic consistency boundary)` : contextNameOf(each),
  );
  const holds = named.length === 0 ? '' : ` holds ${named.join(', ')}`;
  if (members === undefined) return `group ${name}${holds}`;
  const nodes = members.map(({ node, role = 'PRIMARY' }) => (role === 'PRIMARY' ? node : `${node} (${role})`));
  return `group ${name}${holds}, on ${nodes.join(', ')}`;
}

/** The token itself is nobody's business. */
function describeToken({ roles }: TokenOptions): string {
  const granted = roles.map(({ context, role }) => `${role} in ${context}`);
  return `a token that is ${granted.length === 0 ? 'good for nothing' : granted.join(', ')}`;
}

/** `8 KiB` where it is a whole number of them, else bytes. */
function formatSize(bytes: number): string {
  if (bytes > 0 && bytes % 1024 ** 2 === 0) return `${bytes / 1024 ** 2} MiB`;
  return bytes > 0 && bytes % 1024 === 0 ? `${bytes / 1024} KiB` : count(bytes, 'byte');
}
