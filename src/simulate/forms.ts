/** The wire forms that the simulator writes, by stream of records. */
export const STREAMS = ['activity', 'control', 'data', 'mongo', 'keyvault'] as const;
export type Stream = (typeof STREAMS)[number];

export const VARIANTS = ['export', 'rest', 'log_analytics', 'mixed'] as const;
export type Variant = (typeof VARIANTS)[number];

/** Which form a stream has under a variant; what a form lacks beside the others. */
export const FORMS: Readonly<
  Record<Stream, Readonly<Record<Exclude<Variant, 'mixed'>, { readonly form: string; readonly lacks: string }>>>
> = {
  activity: {
    export: {
      form: 'Event Hubs and Storage export',
      lacks: 'clientRequestId, so callers are likely at best; eventDataId',
    },
    rest: { form: 'REST event', lacks: 'nothing' },
    log_analytics: { form: 'REST event', lacks: 'AzureActivity rows are not written yet' },
  },
  control: {
    export: { form: 'export record', lacks: 'a caller' },
    rest: { form: 'export record', lacks: 'a caller' },
    log_analytics: { form: 'CDBControlPlaneRequests row', lacks: 'a caller' },
  },
  data: {
    export: { form: 'export record', lacks: 'a person behind a key' },
    rest: { form: 'export record', lacks: 'a person behind a key' },
    log_analytics: { form: 'CDBDataPlaneRequests row', lacks: 'a person behind a key' },
  },
  mongo: {
    export: { form: 'export record', lacks: 'a person behind a key' },
    rest: { form: 'export record', lacks: 'a person behind a key' },
    log_analytics: { form: 'CDBMongoRequests row', lacks: 'a person behind a key' },
  },
  keyvault: {
    export: { form: 'export record', lacks: 'nothing' },
    rest: { form: 'export record', lacks: 'nothing' },
    log_analytics: { form: 'export record', lacks: 'AZKVAuditLogs rows are not written yet' },
  },
};
