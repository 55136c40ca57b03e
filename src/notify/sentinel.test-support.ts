import { z } from 'zod';

/*
 * Rows as the stream declares them: https://learn.microsoft.com/azure/azure-monitor/data-collection/data-collection-rule-structure. Types and limits:
 * https://learn.microsoft.com/azure/azure-monitor/fundamentals/service-limits#logs-ingestion-api
 */

const short = z.string().refine((text) => Buffer.byteLength(text) <= 64 * 1024, 'is cut over there');
const text = short.nullable();
const time = z.iso.datetime().nullable();
const dynamic = z.json().refine((value) => Buffer.byteLength(JSON.stringify(value)) <= 64 * 1024, 'is cut over there');

export const rowsBody = z
  .array(
    z.strictObject({
      TimeGenerated: z.iso.datetime(),
      AlertId: short.min(1),
      AlertRevision: z.number().int().positive(),
      AlertChange: short.min(1),
      Headline: short.min(1),
      RuleName: text,
      RuleId: text,
      AlertTitle: text,
      SettledId: text,
      AlertLevel: z.enum(['critical', 'high', 'medium', 'low', 'informational']),
      AlertStatus: z.enum(['open', 'acknowledged', 'resolved']),
      Resolution: text,
      AccountId: text,
      AccountName: text,
      GroupKey: dynamic,
      FirstSeen: time,
      LastSeen: time,
      EventCount: z.number().int().nullable(),
      Actors: dynamic,
      Caller: text,
      SourceIps: dynamic,
      Targets: dynamic,
      SettingChanges: dynamic,
      Attack: dynamic,
      Published: dynamic,
      Evidence: dynamic,
      Reason: short.min(1),
      Routine: dynamic,
      Story: dynamic,
      InhibitedBy: dynamic,
      LevelReason: text,
      ChangedBy: text,
      AlertUrl: text,
      Truncated: z.boolean(),
    }),
  )
  .length(1);
