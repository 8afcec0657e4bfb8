import { beforeAll, describe, expect, test } from 'vitest';
import { AxonError } from '../../../server/errors.ts';
import { ControlDb, loadSqlEngine, type SqlEngine } from '../../../server/stores/control-db.ts';
import { populated } from '../../support/control-db-content.ts';

/*
 * A backup's control database is a stranger's: what stands in its rows was taken for what our own code had written, and a NULL
 * or a blob came up as a failure of the kit, a view without end as a check that never ended.
 */

let engine: SqlEngine;

beforeAll(async () => {
  engine = await loadSqlEngine();
});

/** Why a database is refused after some statements of a stranger. */
function refusalAfter(...statements: readonly string[]): string {
  const database = new engine.sql.Database(populated(engine).image());
  for (const statement of statements) database.run(statement);
  const image = database.export();
  database.close();
  try {
    ControlDb.open(engine, image);
  } catch (error) {
    if (error instanceof AxonError && error.kind === 'control-db-unreadable') return error.message;
    throw error;
  }
  return 'it was accepted';
}

describe('a row that no server has written is told by its table', () => {
  test.each([
    ['NULL for a number', 'UPDATE rg_state SET commit_index = NULL', 'rg_state has NULL for commitIndex'],
    ['text for a number', `UPDATE rg_state SET last_applied_index = 'many'`, 'rg_state has the text "many"'],
    ['a fraction', 'UPDATE rg_state SET commit_index = 1.5', 'rg_state has the number 1.5'],
    ['a number beyond counting', 'UPDATE rg_state SET commit_index = 1e300', 'rg_state has the number 1e+300'],
    ['a blob for a name', `UPDATE rg_context SET replication_group_name = x'00ff'`, 'has a blob of 2 bytes'],
    ['a number for a port in letters', `UPDATE cluster_node SET http_port = 'x'`, 'cluster_node has the text "x"'],
    ['NULL for a password-less user name', `UPDATE users SET password = x'01'`, 'users has a blob of 1 bytes'],
    [
      'a name of 400 bytes',
      `UPDATE rg_context SET replication_group_name = replace(hex(zeroblob(200)), '0', 'a')`,
      'has a text of 400 characters for replicationGroupName',
    ],
    ['meta data that is no JSON', `UPDATE rg_context SET meta_data = '{'`, 'is no object of texts'],
    ['meta data that is a list', `UPDATE rg_context SET meta_data = '[1]'`, 'is no object of texts'],
    ['meta data of numbers', `UPDATE rg_context SET meta_data = '{"a":1}'`, 'is no object of texts'],
  ])('%s', (_what, statement, reason) => {
    expect(refusalAfter(statement)).toContain(reason);
  });
});

describe("nothing of a stranger's is run", () => {
  test('a view without end in the place of a table', () => {
    const endless = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS group_id FROM n';
    expect(refusalAfter('DROP TABLE rg_state', `CREATE VIEW rg_state AS ${endless}`)).toContain(
      'rg_state is not the table that it should be',
    );
  });

  test('a view, an index or a trigger beside the tables', () => {
    expect(refusalAfter('CREATE VIEW beside AS SELECT 1')).toContain('it holds "beside"');
    expect(refusalAfter('CREATE INDEX beside ON users (hex(zeroblob(1000)))')).toContain('it holds "beside"');
    expect(refusalAfter('CREATE TRIGGER beside AFTER INSERT ON users BEGIN SELECT 1; END')).toContain(
      'it holds "beside"',
    );
  });

  test('a column that is reckoned from others', () => {
    expect(refusalAfter('ALTER TABLE rg_state ADD COLUMN x AS (hex(zeroblob(100000000)))')).toContain(
      'rg_state is not the table that it should be',
    );
  });
});

test('a table with more rows than any cluster has is refused before it is read', () => {
  const many = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000)';
  expect(refusalAfter(`INSERT INTO rg_context SELECT 'c' || i, 'g', '{}' FROM (${many} SELECT i FROM n)`)).toMatch(
    /rg_context has 30\d{4} rows, and no cluster more than 20000/,
  );
});
