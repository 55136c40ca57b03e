/** The streams of records that a tenant writes. */
export const STREAMS = ['activity', 'control', 'data', 'mongo', 'keyvault'] as const;
export type Stream = (typeof STREAMS)[number];

/** A form that all records of a simulation have, where their stream has it; `mixed`: another for each act, and some in two. */
export const VARIANTS = ['export', 'rest', 'log_analytics', 'mixed'] as const;
export type Variant = (typeof VARIANTS)[number];

export type Form = Exclude<Variant, 'mixed'>;
export const FORM_NAMES: readonly Form[] = ['export', 'rest', 'log_analytics'];

interface Writing {
  readonly form: string;
  /** What cannot be told from it. */
  readonly lacks: string;
}

/** Which form a stream has under a variant. Only the Activity Log can be had over REST: the rest is exported. */
export const FORMS: Readonly<Record<Stream, Readonly<Record<Form, Writing>>>> = {
  activity: {
    export: {
      form: 'Event Hubs and Storage export',
      lacks: 'clientRequestId, so callers are likely at best; eventDataId; method; the spelling of names',
    },
    rest: { form: 'REST event', lacks: 'evidence of the role that allowed it' },
    log_analytics: { form: 'AzureActivity row', lacks: 'nothing' },
  },
  control: {
    export: { form: 'export record', lacks: 'a caller; settings that have no column' },
    rest: { form: 'export record', lacks: 'a caller; settings that have no column' },
    log_analytics: {
      form: 'CDBControlPlaneRequests row',
      lacks: 'a caller; settings that have no column, backupStorageRedundancy too',
    },
  },
  data: {
    export: { form: 'export record', lacks: 'a person behind a key; the item' },
    rest: { form: 'export record', lacks: 'a person behind a key; the item' },
    log_analytics: { form: 'CDBDataPlaneRequests row', lacks: 'a person behind a key; the item' },
  },
  mongo: {
    export: { form: 'export record', lacks: 'a person behind a key; the command' },
    rest: { form: 'export record', lacks: 'a person behind a key; the command' },
    log_analytics: { form: 'CDBMongoRequests row', lacks: 'a person behind a key; the command' },
  },
  keyvault: {
    export: { form: 'AuditEvent export', lacks: 'a result to be believed: only the status tells' },
    rest: { form: 'AuditEvent export', lacks: 'a result to be believed: only the status tells' },
    log_analytics: { form: 'AZKVAuditLogs row', lacks: 'a result to be believed: only the status tells' },
  },
};
