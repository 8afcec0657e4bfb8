import { ControlDb } from '../../server/stores/control-db.ts';
import type {
  ControlDbApplication,
  ControlDbNode,
  ControlDbReplicationGroup,
  ControlDbUser,
  GroupMember,
  GroupPointers,
  SqlEngine,
} from '../../server/stores/control-db.ts';

/* What can be put into a control database, with defaults for everything. */

export function pointers(values: Partial<GroupPointers> = {}): GroupPointers {
  const defaults = { commitIndex: 7, commitTerm: 2, currentTerm: 3, lastAppliedIndex: 6, lastAppliedTerm: 2 };
  return { ...defaults, votedFor: 'node-1-ab', ...values };
}

export function node(number: number): ControlDbNode {
  return {
    name: `node-${number}`,
    hostName: 'localhost',
    internalHostName: 'localhost',
    httpPort: 8023 + number,
    grpcPort: 8123 + number,
    grpcInternalPort: 8223 + number,
  };
}

export function group(name: string, values: Partial<ControlDbReplicationGroup> = {}): ControlDbReplicationGroup {
  const nodeId = `node-1-${name}`;
  const member: GroupMember = { nodeId, nodeName: 'node-1', host: 'localhost', port: 8224, role: 'PRIMARY' };
  return { id: `id-of-${name}`, name, members: [member], tables: 'both', ...values };
}

export function application(name: string, values: Partial<ControlDbApplication> = {}): ControlDbApplication {
  const roles = [
    { context: '_admin', role: 'ADMIN' },
    { context: 'default', role: 'USE_CONTEXT' },
  ];
  return { name, description: 'billing', tokenPrefix: 'abcd', hashedToken: `hash of ${name}`, roles, ...values };
}

export function user(userName: string, values: Partial<ControlDbUser> = {}): ControlDbUser {
  return { userName, hashedPassword: '$2a$', roles: [{ context: 'default', role: 'ADMIN' }], ...values };
}

/** A control database with something of everything. */
export function populated(engine: SqlEngine): ControlDb {
  const db = ControlDb.create(engine);
  db.writePointers('id-of-default', pointers());
  db.putNode(node(1));
  db.putReplicationGroup(group('default'));
  db.putContext({ name: 'default', replicationGroupName: 'default', metaData: { 'event.index-format': 'JUMP' } });
  db.putApplication(application('shop'));
  db.putUser(user('ann'));
  return db;
}
