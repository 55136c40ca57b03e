import { isLoopback } from '../../api/access.ts';
import type { Config } from '../../config/config.ts';
import { UserError } from '../../lib/errors.ts';
import type { NamedSource } from './sourceRunner.ts';

/** @throws UserError CW-6014 */
export function checkDemoAddress(host: string): void {
  if (isLoopback(host) || host === 'localhost') return;
  const cure = 'Leave --listen out, or name an address of this machine: 127.0.0.1:7070.';
  throw new UserError('CW-6014', `a demo lets in everybody who reaches it, so it is not opened at ${host}`, { cure });
}

/** What became of records, as figures call it. */
export const FATES = { taken: 'accepted', unknown: 'unknown', invalid: 'invalid', refused: 'rejected' } as const;

export function sourcesOf({ sources }: Config): readonly NamedSource[] {
  return sources.map(({ name, kind, config, labels, subscriptions }) => ({
    name,
    type: kind.type,
    source: kind.create(config),
    labels,
    subscriptions,
  }));
}
