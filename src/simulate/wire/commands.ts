import type { RequestAct } from '../acts.ts';

/** How the APIs call what a request does, and how its command reads where accounts log the text. By the documents of the languages. */

/** `Document Delete`: what is asked for, by the type of the thing. */
export function deedOf({ type, operation }: RequestAct): string {
  return `${type} ${operation}`;
}

type Names = Readonly<Record<string, string>>;

export const MONGO_COMMANDS: Names = {
  'Document Create': 'insert',
  'Document Read': 'find',
  'Document ReadFeed': 'getMore',
  'Document Query': 'aggregate',
  'Document Replace': 'update',
  'Document Upsert': 'update',
  'Document Delete': 'delete',
  'Document Remove': 'findAndModify',
  'Document Batch': 'bulkWrite',
  'Collection Create': 'create',
  'Collection Delete': 'drop',
  'Database Delete': 'dropDatabase',
};

/** Of these only `QuerySelect` is known from a record. */
export const CASSANDRA_OPERATIONS: Names = {
  'Document Create': 'QueryInsert',
  'Document Read': 'QuerySelect',
  'Document ReadFeed': 'QuerySelect',
  'Document Query': 'QuerySelect',
  'Document Replace': 'QueryUpdate',
  'Document Upsert': 'QueryUpdate',
  'Document Delete': 'QueryDelete',
  'Document Truncate': 'QueryTruncate',
  'Document Batch': 'QueryBatch',
  'Collection Create': 'QueryCreate',
  'Collection Delete': 'QueryDrop',
  'Database Delete': 'QueryDrop',
};

/** Names of the protocol of tables; no record is public. */
export const TABLE_OPERATIONS: Names = {
  'Document Create': 'InsertEntity',
  'Document Read': 'QueryEntity',
  'Document ReadFeed': 'QueryEntities',
  'Document Query': 'QueryEntities',
  'Document Replace': 'UpdateEntity',
  'Document Upsert': 'InsertOrReplaceEntity',
  'Document Delete': 'DeleteEntity',
  'Document Batch': 'EntityGroupTransaction',
  'Collection Create': 'CreateTable',
  'Collection Delete': 'DeleteTable',
};

export function mongoText(act: RequestAct): string {
  const { container, database } = act;
  switch (deedOf(act)) {
    case 'Document Delete':
      return JSON.stringify({ delete: container, deletes: [{ q: { _id: 'a1' }, limit: 1 }], $db: database });
    case 'Document Remove':
      return JSON.stringify({ findAndModify: container, query: { _id: 'a1' }, remove: true, $db: database });
    case 'Document Batch':
      return JSON.stringify({ bulkWrite: 1, ops: [{ insert: 0 }, { delete: 0, filter: {} }], $db: 'admin' });
    default: {
      const command = MONGO_COMMANDS[deedOf(act)] ?? 'ping';
      return JSON.stringify({ [command]: act.type === 'Database' ? 1 : container, $db: database });
    }
  }
}

/** Azure wraps the statement, and escapes nothing in it. */
export function cqlText(act: RequestAct): string {
  return `{"request":"${cqlOf(act)}"}`;
}

export function cqlOf(act: RequestAct): string {
  const { database, container } = act;
  const table = `${database}.${container}`;
  switch (deedOf(act)) {
    case 'Document Create':
      return `INSERT INTO ${table} (id, note) VALUES ('a1', 'DELETE me; later')`;
    case 'Document Replace':
    case 'Document Upsert':
      return `UPDATE ${table} SET note = 'x' WHERE id = 'a1'`;
    case 'Document Delete':
      return `DELETE FROM ${table} WHERE id = 'a1'`;
    case 'Document Truncate':
      return `TRUNCATE TABLE ${table}`;
    case 'Document Batch':
      return `BEGIN BATCH INSERT INTO ${table} (id) VALUES ('a2'); DELETE FROM ${table} WHERE id = 'a1'; APPLY BATCH`;
    case 'Collection Create':
      return `CREATE TABLE IF NOT EXISTS ${table} (id text PRIMARY KEY)`;
    case 'Collection Delete':
      return `DROP TABLE IF EXISTS ${table}`;
    case 'Database Delete':
      return `DROP KEYSPACE ${database}`;
    default:
      return `SELECT id FROM ${table}`;
  }
}

export function gremlinText({ operation }: RequestAct): string {
  switch (operation) {
    case 'Delete':
      return "g.V('a1').drop()";
    case 'Create':
    case 'Upsert':
      return "g.addV('person').property('note','.drop()')";
    case 'Replace':
      return "g.V('a1').properties('note').drop()";
    default:
      return "g.V().has('name','drop')";
  }
}
