import type { Alert, Raised } from '../alerts/alert.ts';

/** The alert with its sentence. */
export function completeAlert({ alert }: Raised): Alert {
  const { evidence: _evidence, ...rest } = alert;
  return { ...rest, evidence: alert.evidence, reason: alert.title };
}
