import type { Alert, AlertDetail } from '../alerts/alert.ts';
import { loadExceptions } from '../config/exceptions.ts';
import { subscriptionOf } from '../events/resource.ts';
import { UserError } from '../lib/errors.ts';
import { plural } from '../report/text.ts';
import { formatDiagnostic } from '../sigma/diagnostic.ts';
import { readCallFile } from '../sources/file.ts';
import { coverage, type Exception, exceptionOf } from '../tuning/exception.ts';

/**
 * The exceptions of a configuration, of which nothing else is read.
 * @throws UserError CW-8002 with every mistake; CW-2001, CW-2002, CW-2007
 */
export function readExceptions(file: string, nowMs: number): readonly Exception[] {
  const text = readCallFile(file, '--exceptions');
  const { exceptions, lists, diagnostics } = loadExceptions({ name: file, text }, nowMs);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > 0)
    throw new UserError('CW-8002', `${plural(errors.length, 'mistake')} in the exceptions`, {
      facts: errors.flatMap((one) => formatDiagnostic(one, text).split('\n')),
      cure: 'correct them all; docs/tuning.md tells of every key',
    });
  return exceptions.map(({ name, spec }) => exceptionOf(name, spec, lists));
}

/** The exception that covers an alert of a scan; null: none. The first by name, for a scan has no order of its own. @param end of the clock */
export function excepting(
  exceptions: readonly Exception[],
  end: number,
): (alert: Alert, detail: AlertDetail) => string | null {
  const sorted = [...exceptions].sort((a, b) => (a.id < b.id ? -1 : 1));
  return (alert, detail) => {
    const stored = { alert, detail, labels: detail.labels, subscription: subscriptionOf(alert.account ?? '') };
    return sorted.find((one) => coverage(one, stored, end).covers)?.id ?? null;
  };
}
