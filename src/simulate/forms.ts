import type { Family } from '../events/event.ts';

/** The forms in which Azure hands out records. */
export const FORM_NAMES = [
  'export',
  'rest',
  'log_analytics',
  'azure_diagnostics',
  'event_grid',
  'cloud_events',
] as const;
export type Form = (typeof FORM_NAMES)[number];

/** A form that all records of a simulation have, where their family has it; `mixed`: another for each act, and some in two. */
export const VARIANTS = [...FORM_NAMES, 'mixed'] as const;
export type Variant = (typeof VARIANTS)[number];

/** What the alerts of an act may need and a form may not have. */
export type Gap = 'start' | 'body' | 'blank';

export interface Writing {
  /** What the form is called for this family. */
  readonly form: string;
  /** What cannot be told from it, in words. */
  readonly lacks: string;
  /** `start`: only the end is told, so acts are seen when they end; `body`: what was sent is not told; `blank`: nor what became empty. */
  readonly gaps?: readonly Gap[];
}

const NOTHING = 'nothing';
const KEY = 'a person behind a key';
const GRID_LACKS =
  'what was sent (settings, levels, destinations); Start and Accepted, so an act is seen when it ends; the address, where something is created';
const GRID_GAPS = ['start', 'body'] as const;

type Forms = Readonly<Partial<Record<Form, Writing>>>;

/** A resource log: exported, as a row of its own table, or as a row of the table that all services share. */
function resourceLog(table: string, lacks: string, inTable = lacks): Forms {
  return {
    export: { form: 'export record', lacks },
    log_analytics: { form: `${table} row`, lacks: inTable },
    azure_diagnostics: { form: 'AzureDiagnostics row', lacks },
  };
}

const CONTROL_LACKS = 'a caller; settings that have no column (public access, TLS, keys, the encryption key)';
const TEXT = 'what a batch, a definition or a traversal did, where its text is not logged';

/** How each family is written in each form. A family without a form is not handed out in it. */
export const FORMS: Readonly<Record<Family, Forms>> = {
  ActivityLog: {
    export: {
      form: 'Event Hubs and Storage export',
      lacks: 'clientRequestId, so callers are likely at best; eventDataId; method; the spelling of names',
    },
    rest: { form: 'REST event', lacks: 'evidence of the role that allowed it' },
    log_analytics: { form: 'AzureActivity row', lacks: NOTHING },
    event_grid: { form: 'Event Grid event', lacks: GRID_LACKS, gaps: GRID_GAPS },
    cloud_events: { form: 'CloudEvents event', lacks: GRID_LACKS, gaps: GRID_GAPS },
  },
  ControlPlaneRequests: {
    ...resourceLog('CDBControlPlaneRequests', CONTROL_LACKS, `${CONTROL_LACKS}, backupStorageRedundancy`),
    azure_diagnostics: {
      form: 'AzureDiagnostics row',
      lacks: `${CONTROL_LACKS}; an address list that became empty, for blank columns are those of other logs, too`,
      gaps: ['blank'],
    },
  },
  DataPlaneRequests: resourceLog('CDBDataPlaneRequests', `${KEY}; the item; what a batch or stored procedure did`),
  DataPlaneRequests5M: resourceLog('CDBDataPlaneRequests5M', `${KEY}; when in its five minutes; single requests`),
  DataPlaneRequests15M: resourceLog('CDBDataPlaneRequests15M', `${KEY}; when in its quarter; single requests`),
  MongoRequests: resourceLog(
    'CDBMongoRequests',
    `${KEY}; a removal by findAndModify or bulkWrite, where its text is not logged`,
  ),
  VCoreMongoRequests: resourceLog(
    'VCoreMongoRequests',
    'a removal by findAndModify or bulkWrite, where its text is not logged',
  ),
  CassandraRequests: resourceLog('CDBCassandraRequests', `${KEY}; ${TEXT}`),
  GremlinRequests: resourceLog('CDBGremlinRequests', `${KEY}; ${TEXT}`),
  TableApiRequests: resourceLog('CDBTableApiRequests', `${KEY}; the entity; what a batch did`),
  QueryRuntimeStatistics: resourceLog('CDBQueryRuntimeStatistics', 'acts: it shows that the log lives'),
  PartitionKeyStatistics: resourceLog('CDBPartitionKeyStatistics', 'acts: it shows that the log lives'),
  PartitionKeyRUConsumption: resourceLog('CDBPartitionKeyRUConsumption', 'acts: it shows that the log lives'),
  CassandraAudit: resourceLog('CassandraAudit', 'whether a statement that was attempted went well'),
  AuditEvent: resourceLog('AZKVAuditLogs', 'a result to be believed: only the status tells'),
};

export const FAMILIES = Object.keys(FORMS) as readonly Family[];

/** Somebody who takes one log in a form has the others in the nearest that they have. */
const NEAREST: Readonly<Record<Form, Form>> = {
  export: 'export',
  rest: 'export',
  log_analytics: 'log_analytics',
  azure_diagnostics: 'log_analytics',
  event_grid: 'export',
  cloud_events: 'export',
};

/** The form that a family has under a form of the whole. */
export function formOf(family: Family, form: Form): Form {
  return FORMS[family][form] === undefined ? NEAREST[form] : form;
}

/** Forms of a family, in the order of the table. */
export function formsOf(family: Family): readonly Form[] {
  return FORM_NAMES.filter((form) => FORMS[family][form] !== undefined);
}

/** Does a form leave out what alerts may need? */
export function hasGap(family: Family, form: Form, gap: Gap): boolean {
  return FORMS[family][form]?.gaps?.includes(gap) ?? false;
}
