import type { AlertNews } from '../alerts/stored.ts';
import type { Pages } from './message.ts';

/**
 * The pages of an alert: its own in the console, and its account's in the Azure portal; of null: the list of all.
 * @param external the `external_url` of the configuration
 */
export function pagesOf(stored: AlertNews['stored'] | null, external: string | null): Pages {
  const list = external === null ? null : `${external.replace(/\/+$/, '')}/alerts`;
  if (stored === null) return { console: list, portal: null };
  const { alert, detail } = stored;
  return {
    console: list === null ? null : `${list}/${encodeURIComponent(alert.id)}`,
    portal: portalPage(detail.spelled ?? alert.account),
  };
}

/** The portal opens a resource by its id behind `#resource`; null: what the log gives is no id of a resource. */
export function portalPage(id: string | null): string | null {
  if (id === null || !/^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/[^/]+(?:\/[^/]+\/[^/]+)+$/i.test(id))
    return null;
  const path = id
    .toWellFormed()
    .split('/')
    .map((part) => encodeURIComponent(part).replace(/[!'()*~]/g, percent));
  return `https://portal.azure.com/#resource${path.join('/')}`;
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
