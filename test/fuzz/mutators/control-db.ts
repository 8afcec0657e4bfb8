import initSqlJs, { type SqlJsStatic } from 'sql.js';
import { zipSync } from 'fflate';
import {
  CONTROL_DB_FILE_NAME,
  decodeControlDbArchive,
  encodeControlDbArchive,
} from '../../../server/formats/control-db-archive.ts';
import { changeBytes, fileAt, filesOf } from '../backup-tree.ts';
import { mutator, pick, type Mutator } from '../step.ts';

/* The rows, the tables and the pages of the control database, in a zip that is good again. */

const tables = [
  'rg_state',
  'rg_member',
  'rg_replication_group',
  'rg_context',
  'adm_replication_group',
  'adm_replication_group_member',
  'adm_context',
  'cluster_node',
  'users',
] as const;
const columns = [
  'rg_state.group_id',
  'rg_state.commit_index',
  'rg_state.commit_term',
  'rg_state.current_term',
  'rg_state.last_applied_index',
  'rg_state.last_applied_term',
  'rg_member.group_id',
  'rg_member.node_id',
  'rg_member.node_name',
  'rg_member.port',
  'rg_member.role',
  'rg_replication_group.replication_group_id',
  'rg_replication_group.name',
  'rg_context.name',
  'rg_context.replication_group_name',
  'rg_context.meta_data',
  'adm_context.name',
  'adm_context.replication_group_id',
  'cluster_node.name',
  'cluster_node.http_port',
] as const;
const values = [
  'NULL',
  "''",
  "'text'",
  "'orders'",
  "'default'",
  "'../../x'",
  "'a/b'",
  "'.'",
  "char(0)||'x'",
  "x'00ff00'",
  '0',
  '1',
  '-1',
  '5',
  '1.5',
  '1e308',
  '9e999',
  '2147483648',
  '9007199254740993',
  '9223372036854775807',
  "replace(hex(zeroblob(400)),'00','ab')",
  "'{'",
] as const;
const statements = [
  'CREATE TABLE stranger (a)',
  'CREATE VIEW endless AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT i FROM n',
  'CREATE TRIGGER t AFTER INSERT ON rg_state BEGIN DELETE FROM rg_state; END',
  'DROP TABLE rg_state',
  'ALTER TABLE rg_context ADD COLUMN extra text',
  'PRAGMA user_version = 77',
  'VACUUM',
  'PRAGMA auto_vacuum = 1; VACUUM',
  "INSERT INTO rg_context (name, replication_group_name) VALUES ('more', 'default')",
  "INSERT INTO rg_replication_group (replication_group_id, name) VALUES ('more', 'default')",
  "INSERT INTO rg_replication_group (replication_group_id, name) VALUES ('more', 'more')",
] as const;

/** Once for the process: it only makes images of what it is given. */
let engine: Promise<SqlJsStatic> | null = null;

export const controlDbMutators: readonly Mutator[] = [
  mutator<{ file: string; sql: string; isStored: boolean }>({
    name: 'control-db-sql',
    draw: (tree, random) => {
      const files = filesOf(tree, /controldb\d+\.zip$/);
      if (files.length === 0) return null;
      const [table, column] = pick(random, columns).split('.');
      const one = `rowid = (SELECT min(rowid) FROM ${table})`;
      const where = pick(random, ['1', '1', table?.startsWith('rg_member') === true ? one : '1 LIMIT 1']);
      const sql = pick(random, [
        `UPDATE OR REPLACE ${table} SET ${column} = ${pick(random, values)} WHERE ${where.replace(' LIMIT 1', '')}`,
        `UPDATE OR IGNORE ${table} SET ${column} = ${pick(random, values)} WHERE ${column} <> ${pick(random, values)}`,
        `DELETE FROM ${pick(random, tables)}`,
        pick(random, statements),
      ]);
      return { file: pick(random, files), sql, isStored: random.fraction() < 0.3 };
    },
    apply: (tree, { file, sql, isStored }) =>
      changeImage(tree, file, isStored, async (image) => {
        engine ??= initSqlJs();
        const database = new (await engine).Database(image);
        try {
          database.run(sql);
          return database.export();
        } finally {
          database.close();
        }
      }),
    // A database that knows less asks for less.
    takesAway: true,
  }),
  mutator<{ file: string; at: number; mask: number }>({
    name: 'control-db-page',
    draw: (tree, random) => {
      const files = filesOf(tree, /controldb\d+\.zip$/);
      if (files.length === 0) return null;
      return {
        file: pick(random, files),
        at: random.integer(0, pick(random, [100, 4096, 40_000])),
        mask: random.integer(1, 255),
      };
    },
    apply: (tree, { file, at, mask }) =>
      changeImage(tree, file, false, (image) => {
        const place = at % Math.max(1, image.length);
        image[place] = (image[place] ?? 0) ^ mask;
        return Promise.resolve(image);
      }),
    // Rows are under no checksum: a pointer that has become another is as good as one that was written so.
    takesAway: true,
  }),
  mutator<{ file: string; name: string }>({
    name: 'control-db-zip',
    draw: (tree, random) => {
      const files = filesOf(tree, /controldb\d+\.zip$/);
      if (files.length === 0) return null;
      return {
        file: pick(random, files),
        name: pick(random, ['axonserver-configdb.mv.db', `x/${CONTROL_DB_FILE_NAME}`, 'other', '']),
      };
    },
    apply: (tree, { file, name }) =>
      changeBytes(tree, file, (bytes) => {
        const image = imageOf(bytes);
        return image === null ? bytes : Buffer.from(zipSync({ [name]: image }));
      }),
    // The name says that it is one, so that it holds none is damage.
    takesAway: ({ name }) => name === 'axonserver-configdb.mv.db',
  }),
];

async function changeImage(
  tree: Parameters<typeof fileAt>[0],
  file: string,
  isStored: boolean,
  change: (image: Uint8Array) => Promise<Uint8Array>,
): Promise<void> {
  const image = imageOf(fileAt(tree, file)?.bytes ?? Buffer.alloc(0));
  if (image === null) return;
  let changed: Uint8Array;
  try {
    changed = await change(Uint8Array.from(image));
  } catch {
    // SQLite does not take the statement, or the database has been damaged before.
    return;
  }
  const zip = isStored
    ? zipSync({ [CONTROL_DB_FILE_NAME]: [changed, { level: 0, mtime: '2024-01-01' }] })
    : encodeControlDbArchive(changed, 0);
  changeBytes(tree, file, () => Buffer.from(zip));
}

function imageOf(bytes: Buffer): Uint8Array | null {
  try {
    return decodeControlDbArchive(bytes);
  } catch {
    return null;
  }
}
