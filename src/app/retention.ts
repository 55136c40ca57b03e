import type { Retention } from '../config/config.ts';
import type { RetentionPolicy } from '../store/retention.ts';

const YEAR = 365 * 86_400;

/** What the configuration asks for. The audit log is kept for two years, whatever else is. */
export function retentionPolicy(retention: Retention): RetentionPolicy {
  const { alerts, controlPlane, matches, keyFigures, deliveries, size } = retention;
  return {
    ages: { alerts, control_plane: controlPlane, matches, key_figures: keyFigures, deliveries, audit: 2 * YEAR },
    maxBytes: size,
  };
}
