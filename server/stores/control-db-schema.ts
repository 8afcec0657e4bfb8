import type { Database } from 'sql.js';
import { accessRoles, dcbFunctionRoles, dcbPathFunctions, functionRoles, pathFunctions } from '../access-functions.ts';
import { CONTROL_DB_PAGE_SIZE_BYTES } from '../formats/control-db-image.ts';
import type { ControlDbTables } from '../formats/control-db-tables.ts';

/*
 * The tables of the control database, by the names and with the columns that Enterprise 4.4.2 gives them (
 * docs/backup-endpoints.md, section 2.3): rg_ is what a node needs for its own replication groups, adm_ is the cluster's
 * configuration. Not simulated: foreign keys are declared and not enforced, flyway_schema_history and the tables of
 * load balancing and tasks stay empty.
 */

/** Creates all tables in an empty database, with the rows that the server's own migrations bring. */
export function createControlDbSchema(database: Database, tables: ControlDbTables): void {
  const hasDcb = tables === 'since 2025';
  database.run(`PRAGMA page_size = ${CONTROL_DB_PAGE_SIZE_BYTES}`);
  database.run(`BEGIN; ${tablesUntil2023.replace(rgContext['until 2023'], rgContext[tables])}`);
  if (tables !== 'until 2023') database.run(backupInfo);
  for (const [path, accessFunction] of [...pathFunctions, ...(hasDcb ? dcbPathFunctions : [])]) {
    database.run('INSERT INTO paths_to_functions (path, function) VALUES (?, ?)', [path, accessFunction]);
  }
  for (const [role, description] of Object.entries(accessRoles)) {
    database.run('INSERT INTO roles (role, description) VALUES (?, ?)', [role, description]);
  }
  for (const [accessFunction, role] of [...functionRoles, ...(hasDcb ? dcbFunctionRoles : [])]) {
    database.run('INSERT INTO function_roles (function, role) VALUES (?, ?)', [accessFunction, role]);
  }
  database.run('COMMIT');
}

/** What later releases have added (docs/newer-versions.md, section 5). */
const rgContext: Readonly<Record<ControlDbTables, string>> = {
  'until 2023': 'replication_group_name varchar(200), meta_data clob\n)',
  'since 2024': 'replication_group_name varchar(200), meta_data clob, purge_count int\n)',
  'since 2025':
    'replication_group_name varchar(200), meta_data clob, purge_count int, dcb_context boolean,\n  replication_index bigint\n)',
};
const backupInfo = `CREATE TABLE rg_backup_info (
  replication_group varchar(255) PRIMARY KEY, last_applied_index bigint, last_backup_timestamp bigint
) WITHOUT ROWID`;

/** Tables with a textual key are WITHOUT ROWID, which spares each a page for its index. */
const tablesUntil2023 = `
CREATE TABLE rg_state (
  group_id varchar(255) PRIMARY KEY, commit_index bigint, commit_term bigint, current_term bigint,
  last_applied_index bigint, last_applied_term bigint, voted_for varchar(255)
) WITHOUT ROWID;
CREATE TABLE rg_member (
  group_id varchar(255), node_id varchar(255), host varchar(255), port int, node_name varchar(255), role int,
  pending_delete boolean, PRIMARY KEY (group_id, node_id)
);
CREATE TABLE rg_replication_group (
  replication_group_id varchar(200) PRIMARY KEY, name varchar(200), meta_data clob
) WITHOUT ROWID;
CREATE TABLE rg_context (
  name varchar(200) PRIMARY KEY, replication_group_name varchar(200), meta_data clob
) WITHOUT ROWID;
CREATE TABLE rg_application_binding_context (
  id integer PRIMARY KEY, context varchar(255) NOT NULL, hashed_token varchar(255) NOT NULL,
  name varchar(255) NOT NULL, token_prefix varchar(255)
);
CREATE TABLE rg_application_binding_context_role (
  replication_group_application_id bigint REFERENCES rg_application_binding_context, roles varchar(255),
  PRIMARY KEY (replication_group_application_id, roles)
) WITHOUT ROWID;
CREATE TABLE rg_user_context (
  id integer PRIMARY KEY, context varchar(255) NOT NULL, username varchar(255) NOT NULL, password varchar(255)
);
CREATE TABLE rg_user_context_role (
  replication_group_user_id bigint REFERENCES rg_user_context, roles varchar(255),
  PRIMARY KEY (replication_group_user_id, roles)
) WITHOUT ROWID;
CREATE TABLE rg_processor_load_balancing (
  context varchar(255), name varchar(255), strategy varchar(255), token_store_identifier varchar(255) DEFAULT '',
  PRIMARY KEY (name, context, token_store_identifier)
) WITHOUT ROWID;
CREATE TABLE adm_replication_group (
  replication_group_id varchar(200) PRIMARY KEY, name varchar(200) UNIQUE, change_pending boolean,
  pending_since timestamp, meta_data clob
) WITHOUT ROWID;
CREATE TABLE adm_replication_group_member (
  id integer PRIMARY KEY, replication_group_id varchar(200) REFERENCES adm_replication_group,
  cluster_node_name varchar(255) REFERENCES cluster_node (name), cluster_node_label varchar(255), role int,
  pending_delete boolean
);
CREATE TABLE adm_context (
  name varchar(255) PRIMARY KEY, change_pending boolean, pending_since timestamp, meta_data clob,
  replication_group_id varchar(200) REFERENCES adm_replication_group
) WITHOUT ROWID;
CREATE TABLE adm_application_binding (
  id integer PRIMARY KEY, description varchar(255), token_prefix varchar(255), hashed_token varchar(255) UNIQUE,
  name varchar(255) UNIQUE, meta_data clob
);
CREATE TABLE adm_application_binding_context (
  id integer PRIMARY KEY, application_id bigint REFERENCES adm_application_binding, context varchar(255)
);
CREATE TABLE adm_application_binding_context_role (
  id integer PRIMARY KEY, application_context_id bigint REFERENCES adm_application_binding_context,
  role varchar(255)
);
CREATE TABLE adm_processor_load_balancing (
  context varchar(255), name varchar(255), strategy varchar(255), token_store_identifier varchar(255),
  PRIMARY KEY (name, context, token_store_identifier)
) WITHOUT ROWID;
CREATE TABLE cluster_node (
  name varchar(255) PRIMARY KEY, host_name varchar(255), internal_host_name varchar(255), http_port int,
  grpc_port int, grpc_internal_port int, grpc_external_port int, UNIQUE (internal_host_name, grpc_internal_port)
) WITHOUT ROWID;
CREATE TABLE users (
  username varchar(45) PRIMARY KEY, password varchar(255) NOT NULL, enabled tinyint DEFAULT 1
) WITHOUT ROWID;
CREATE TABLE user_roles (
  user_role_id integer PRIMARY KEY, username varchar(45) REFERENCES users, role varchar(45), context varchar(255)
);
CREATE TABLE load_balancing_strategy (
  id integer PRIMARY KEY, name varchar(255) UNIQUE, label varchar(255), factory_bean varchar(255)
);
CREATE TABLE task (
  task_id varchar(200) PRIMARY KEY, context varchar(200), data blob, type varchar(200), status int,
  retry_interval bigint, task_executor varchar(200), timestamp bigint, message varchar(255)
) WITHOUT ROWID;
CREATE TABLE paths_to_functions (path varchar(255) PRIMARY KEY, function varchar(255)) WITHOUT ROWID;
CREATE TABLE roles (role varchar(255) PRIMARY KEY, description varchar(255)) WITHOUT ROWID;
CREATE TABLE function_roles (
  id integer PRIMARY KEY, function varchar(255), role varchar(255) REFERENCES roles
);
CREATE TABLE flyway_schema_history (
  installed_rank int PRIMARY KEY, version varchar(50), description varchar(200), type varchar(20),
  script varchar(1000), checksum int, installed_by varchar(100), installed_on timestamp, execution_time int,
  success boolean
) WITHOUT ROWID;
`;
