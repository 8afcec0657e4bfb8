import type { Scenario, Step, Surprise } from '../scenarios/scenario.ts';
import { tenSeconds, type Setting } from './usual-setting.ts';

/** Beside a plain context there are some whose backups the server writes itself. */
export function withDcb(usual: Setting, cluster: Scenario['cluster'], dcbContexts: readonly string[]): Setting {
  return besideDcb(usual, cluster, dcbContexts, [
    ...dcbContexts.map((context): Step => ({ kind: 'append', context, transactions: 60 })),
    tenSeconds,
  ]);
}

/** The node goes down while it writes the backup of a context that has grown, and comes up again. */
export function pushBreaksOff(usual: Setting, cluster: Scenario['cluster'], dcbContexts: readonly string[]): Setting {
  const [context = ''] = dcbContexts;
  const crash: Surprise = {
    at: { method: 'POST', path: '/v2/backup', when: 'is-answered' },
    // It begins a second after it was asked.
    happens: [
      { kind: 'advance', by: '1005ms' },
      { kind: 'crash', node: 'node-1' },
    ],
  };
  return besideDcb(usual, cluster, dcbContexts, [
    { kind: 'append', context, transactions: 70 },
    tenSeconds,
    { kind: 'run' },
    { kind: 'append', context, transactions: 600 },
    tenSeconds,
    { kind: 'run', surprises: [crash] },
    { kind: 'start', node: 'node-1' },
    { kind: 'advance', by: '30s' },
  ]);
}

/** One of two plain contexts becomes such a one after a first run. */
export function becomesDcb(
  usual: Setting,
  cluster: Scenario['cluster'],
  [context = '', ...others]: readonly string[],
): Setting {
  return besideDcb(
    usual,
    cluster,
    others,
    [
      { kind: 'append', context, transactions: 60 },
      tenSeconds,
      { kind: 'run' },
      { kind: 'migrate-to-dcb', context },
      { kind: 'append', context, transactions: 20 },
      tenSeconds,
    ],
    context,
  );
}

function besideDcb(
  usual: Setting,
  cluster: Scenario['cluster'],
  dcbContexts: readonly string[],
  opening: readonly Step[],
  plainBefore?: string,
): Setting {
  const named = [...(plainBefore === undefined ? [] : [plainBefore]), ...dcbContexts];
  const groups = ['default', ...named].map((name) => ({
    name,
    contexts: [dcbContexts.includes(name) ? { name, dcb: true } : name],
  }));
  return {
    ...usual,
    cluster: { nodes: usual.nodes, ...cluster, rate: 0, groups },
    // Two or three questions until one is written, however fast a client asks.
    pace: { requestMs: 500 },
    logs: new Map([...usual.logs.keys()].map((node) => [node, ['_admin', 'default', ...named]])),
    dcbContexts: named,
    emphasis: ['faults'],
    opening,
  };
}
