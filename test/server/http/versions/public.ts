import { expect } from 'vitest';
import { everywhere, jsonTypes, type Answer, type Row } from './expectation.ts';
import { frameworkError } from './framework-errors.ts';

/* One node, with the contexts `default` and `orders` and the group `retail`, in which `orders` lies. */

const member = { node: 'node-1', role: 'PRIMARY' };

/** An object with exactly these members; the values that are left to chance are of any kind. */
const me = {
  authentication: false,
  clustered: expect.any(Boolean),
  ssl: false,
  adminNode: true,
  developmentMode: expect.any(Boolean),
  contextNames: expect.arrayContaining(['default', 'orders']),
  storageContextNames: ['default', 'orders'],
  name: 'node-1',
  hostName: expect.any(String),
  internalHostName: expect.any(String),
  httpPort: expect.any(Number),
  grpcPort: expect.any(Number),
  grpcInternalPort: expect.any(Number),
};
const plugins = { pluginsEnabled: expect.any(Boolean) };
const laterMe = { ...me, ...plugins, initialized: true };

function context(name: string, replicationGroup: string): object {
  return {
    context: name,
    metaData: expect.any(Object),
    replicationGroup,
    changePending: false,
    pendingSince: 0,
    leader: 'node-1',
    roles: [member],
  };
}

const group = {
  name: 'retail',
  leader: 'node-1',
  roles: [member],
  changePending: false,
  pendingSince: expect.any(Number),
  contexts: expect.any(Array),
};

function health(key: 'details' | 'components', groups: readonly string[]): Answer {
  const leaders = Object.fromEntries(groups.map((name) => [`${name}.leader`, expect.anything()]));
  const parts = {
    db: expect.objectContaining({ status: 'UP' }),
    raft: expect.objectContaining({ details: expect.objectContaining(leaders) }),
  };
  return { status: 200, body: { like: { status: 'UP', [key]: expect.objectContaining(parts) } } };
}

export const discovery: readonly Row[] = [
  {
    name: 'who the node is',
    call: 'GET /v1/public/me',
    answers: {
      ...everywhere((version) => ({ status: 200, contentType: jsonTypes[version], body: { like: laterMe } })),
      '4.2': { status: 200, contentType: jsonTypes['4.2'], body: { like: me } },
      '4.5': { status: 200, contentType: jsonTypes['4.5'], body: { like: { ...me, ...plugins } } },
      '4.6': { status: 200, contentType: jsonTypes['4.6'], body: { like: { ...me, ...plugins } } },
    },
    source: 'endpoints 7 (read in 4.4, taken for 4.2 as well); recorded: initialized is of 2023 alone',
  },
  {
    name: 'the contexts that are stored on the node',
    call: 'GET /v1/public/mycontexts',
    answers: everywhere((version) => ({
      status: 200,
      contentType: jsonTypes[version],
      body: { like: expect.arrayContaining(['default', 'orders']) },
    })),
    source: 'endpoints 7 (their order is not given)',
  },
  {
    name: 'the contexts, sorted, _admin among them',
    call: 'GET /v1/public/context',
    answers: {
      ...everywhere((version) => ({
        status: 200,
        contentType: jsonTypes[version],
        body: { like: [context('_admin', '_admin'), context('default', 'default'), context('orders', 'retail')] },
      })),
      '4.2': {
        status: 200,
        contentType: jsonTypes['4.2'],
        body: { like: ['_admin', 'default', 'orders'].map((name) => expect.objectContaining({ context: name })) },
      },
    },
    source: 'endpoints 7 (members read in 4.4.2; those of 4.2, which knows no replication groups, are open)',
  },
  {
    name: 'the replication groups, which came with 4.4',
    call: 'GET /v1/public/replicationgroups',
    answers: {
      ...everywhere((version) => ({
        status: 200,
        contentType: jsonTypes[version],
        body: { like: expect.arrayContaining([group]) },
      })),
      '4.2': frameworkError('4.2', 404, '/v1/public/replicationgroups'),
    },
    source: 'endpoints 7 (4.4+)',
  },
  {
    name: 'the health of the node and of its parts',
    call: 'GET /actuator/health',
    answers: {
      ...everywhere(health('components', ['_admin', 'default', 'retail'])),
      '4.2': health('details', ['_admin', 'default', 'orders']),
    },
    source: 'endpoints 7 (details in Boot 2.1, components from 2.2 on)',
  },
];
