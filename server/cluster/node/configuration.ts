import type { ContextIndexFormats } from '../../formats/index-format.ts';
import type { ControlDb } from '../../stores/control-db.ts';
import type { ConfigurationChange } from '../terms/log-payload.ts';
import { ADMIN_GROUP, GRPC_PORT, hostOf, INTERNAL_GRPC_PORT, isMember, type Topology } from '../terms/topology.ts';

const HTTP_PORT = 8024;

/**
 * Takes a change that `_admin` has committed into a control database. Applying one twice changes nothing: after a
 * restart the last second of entries is applied again.
 */
export function applyConfigurationChange(
  controlDb: ControlDb,
  change: ConfigurationChange,
  indexFormats: ContextIndexFormats = { EVENT: 'BLOOM_FILTER_INDEX', SNAPSHOT: 'BLOOM_FILTER_INDEX' },
  isDcb = false,
): void {
  switch (change.type) {
    case 'ADD_CONTEXT':
      return controlDb.putContext({
        name: change.name,
        replicationGroupName: change.replicationGroup,
        metaData: { 'event.index-format': indexFormats.EVENT, 'snapshot.index-format': indexFormats.SNAPSHOT },
        isDcb,
      });
    case 'ADMIN_APPLICATION':
      return controlDb.putApplication(change);
    case 'DELETE_APPLICATION':
      return controlDb.removeApplication(change.name);
    case 'ADMIN_USER':
      return controlDb.putUser({ ...change, userName: change.name });
    case 'DELETE_USER':
      return controlDb.removeUser(change.name);
  }
}

/**
 * Writes into a new control database what a node knows before it has applied anything: the nodes, the groups that it
 * takes part in, and as a member of `_admin` all others. Contexts come with the log of `_admin`; to a node outside of it,
 * which never gets that, those of its own groups are told here. Ports are the server's defaults, one apart for each node.
 */
export function describeTopology(
  controlDb: ControlDb,
  topology: Topology,
  nodeName: string,
  {
    indexFormats,
    dcbContexts,
  }: {
    readonly indexFormats?: ReadonlyMap<string, ContextIndexFormats>;
    readonly dcbContexts?: ReadonlySet<string>;
  } = {},
): void {
  topology.nodeNames.forEach((name, place) => {
    controlDb.putNode({
      name,
      hostName: hostOf(name),
      internalHostName: hostOf(name),
      httpPort: HTTP_PORT + place,
      grpcPort: GRPC_PORT + place,
      grpcInternalPort: INTERNAL_GRPC_PORT + place,
    });
  });
  const isAdmin = topology.groups.some((group) => group.name === ADMIN_GROUP && isMember(group, nodeName));
  for (const group of topology.groups) {
    const isOwn = isMember(group, nodeName);
    if (!isOwn && !isAdmin) continue;
    const { id, name, members } = group;
    controlDb.putReplicationGroup({
      id,
      name,
      members: members.map((member) => ({
        nodeId: member.nodeId,
        nodeName: member.nodeName,
        host: hostOf(member.nodeName),
        port: member.internalPort,
        role: member.role,
      })),
      tables: isOwn ? (isAdmin ? 'both' : 'rg') : 'adm',
    });
    if (isAdmin) continue;
    for (const context of group.contexts) {
      const change = { type: 'ADD_CONTEXT', name: context, replicationGroup: name } as const;
      applyConfigurationChange(controlDb, change, indexFormats?.get(context), dcbContexts?.has(context));
    }
  }
}

/** Copies what `_admin` has configured, as an installed snapshot of `_admin` does. */
export function copyConfiguration(from: ControlDb, to: ControlDb): void {
  for (const context of from.contexts()) to.putContext(context);
  const applications = new Set(from.applications().map(({ name }) => name));
  for (const { name } of to.applications()) if (!applications.has(name)) to.removeApplication(name);
  for (const application of from.applications()) to.putApplication(application);
  const users = new Set(from.users().map(({ userName }) => userName));
  for (const { userName } of to.users()) if (!users.has(userName)) to.removeUser(userName);
  for (const user of from.users()) to.putUser(user);
}
