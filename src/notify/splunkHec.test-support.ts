import { z } from 'zod';

/*
 * Of OCSF 1.5.0 what a Detection Finding must have, and the closed lists of what we use:
 * https://schema.ocsf.io/1.5.0/classes/detection_finding?profiles=cloud; of the collector's envelope:
 * https://docs.splunk.com/Documentation/Splunk/latest/Data/FormateventsforHTTPEventCollector
 */

const time = z.number().int().positive();
const named = z.strictObject({ uid: z.string().min(1) });

const finding = z.looseObject({
  activity_id: z.union([z.literal(1), z.literal(2), z.literal(3)]),
  category_uid: z.literal(2),
  class_uid: z.literal(2004),
  type_uid: z.number().int().min(200401).max(200403),
  time,
  severity_id: z.number().int().min(1).max(5),
  status_id: z.union([z.literal(1), z.literal(2), z.literal(4)]),
  is_alert: z.boolean(),
  message: z.string().min(1),
  metadata: z.strictObject({
    version: z.literal('1.5.0'),
    uid: z.string().min(1),
    correlation_uid: z.string().min(1),
    logged_time: time,
    product: z.strictObject({ name: z.string(), vendor_name: z.string(), version: z.string() }),
    profiles: z.tuple([z.literal('cloud')]),
  }),
  cloud: z.strictObject({ provider: z.string(), account: named.optional() }),
  finding_info: z.looseObject({
    uid: z.string().min(1),
    title: z.string().min(1),
    attacks: z
      .array(
        z.strictObject({
          tactic: named,
          technique: z.strictObject({ uid: z.string().regex(/^T\d{4}$/) }),
          sub_technique: z.strictObject({ uid: z.string().regex(/^T\d{4}\.\d{3}$/) }).optional(),
          version: z.string(),
        }),
      )
      .optional(),
    analytic: z.looseObject({ name: z.string().min(1), type_id: z.literal(1) }),
  }),
  evidences: z
    .array(
      z.looseObject({
        uid: z.string(),
        src_endpoint: z.strictObject({ ip: z.string() }).optional(),
        actor: z.looseObject({ user: z.looseObject({ type_id: z.number().int() }) }).optional(),
      }),
    )
    .optional(),
  remediation: z.strictObject({ desc: z.string().min(1) }).optional(),
});

export const hecBody = z.strictObject({
  time: z.number().positive(),
  host: z.string(),
  source: z.string(),
  sourcetype: z.string(),
  index: z.string().optional(),
  event: finding.refine(
    ({ activity_id, type_uid }) => type_uid === 200400 + activity_id,
    'type_uid follows activity_id',
  ),
  /** Flat: a nested one is refused. */
  fields: z.record(z.string(), z.string()),
});
