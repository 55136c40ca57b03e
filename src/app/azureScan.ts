import { type Inventory, readInventory } from '../accounts/inventory.ts';
import { Backoff } from '../lib/backoff.ts';
import type { Clock } from '../lib/clock.ts';
import { UserError } from '../lib/errors.ts';
import { activityLog, linesOf, PROVIDERS, REACH } from '../sources/activityLogQuery.ts';
import { armInventory } from '../sources/armInventory.ts';
import { cliCredential } from '../sources/azureCredential.ts';
import { Passing } from '../sources/azureFailure.ts';
import { type Ask, AzureRest } from '../sources/azureRest.ts';
import { ARM, LOG_ANALYTICS, LOG_ANALYTICS_SCOPE } from '../sources/endpoints.ts';
import { answerOf, TABLES, tableRows } from '../sources/logAnalyticsQuery.ts';

/** What `scan --azure` reads, with the login of the Azure CLI. */
export interface AzureRequest {
  readonly subscriptions: readonly string[];
  /** How far back. */
  readonly days: number;
  readonly workspaces: readonly string[];
  /** For tests: one server instead of Azure's. */
  readonly endpoint: string | null;
}

export interface AzurePorts {
  readonly clock: Clock;
  readonly random: () => number;
  /** What is being read, or waited for. */
  readonly onProgress: (what: string) => void;
}

/** What a scan reads beside files. */
export interface AzureInput {
  readonly inventory: Inventory;
  /** What could not be read of the present state. */
  readonly unread: readonly string[];
  readonly streams: readonly { readonly name: string; readonly chunks: AsyncIterable<Uint8Array> }[];
}

const DAY = 86_400_000;
const ATTEMPTS = 8;
const ROWS = 20_000;

/** Reads the present state, and opens the logs: they are read while the scan takes them. @throws UserError */
export async function openAzure(request: AzureRequest, ports: AzurePorts, signal: AbortSignal): Promise<AzureInput> {
  const now = ports.clock.now();
  const arm = new Map(
    request.subscriptions.map((one) => [one, patient(restOf(AZURE_ARM, one, request, ports), ports)]),
  );
  const states = [];
  for (const [subscription, get] of arm) {
    ports.onProgress(`reading  accounts, settings and locks of ${subscription}`);
    states.push(await armInventory(get, [subscription], signal));
  }
  const from = now - Math.min(request.days * DAY, REACH);
  const logs = [...arm].map(([subscription, get]) => ({
    name: `Activity Log of ${subscription}`,
    chunks: activityLogBytes(get, { subscription, from, to: now }, ports, signal),
  }));
  const queries = patient(restOf(AZURE_LOGS, request.subscriptions[0]!, request, ports), ports);
  const tables = request.workspaces.map((workspace) => ({
    name: `Log Analytics, ${workspace}`,
    chunks: workspaceBytes(queries, { workspace, from: now - request.days * DAY, to: now }, ports, signal),
  }));
  return {
    inventory: readInventory(states.flatMap(({ documents }) => documents)),
    unread: states.flatMap(({ unread }) => unread),
    streams: [...logs, ...tables],
  };
}

const AZURE_ARM = { endpoint: ARM, scope: `${ARM}/.default` };
const AZURE_LOGS = { endpoint: LOG_ANALYTICS, scope: LOG_ANALYTICS_SCOPE };

function restOf(
  service: typeof AZURE_ARM,
  subscription: string,
  { endpoint }: AzureRequest,
  { clock }: AzurePorts,
): Ask {
  const options = { ...service, endpoint: endpoint ?? service.endpoint, now: () => clock.now() };
  return new AzureRest({ ...options, credential: () => cliCredential(subscription) }).get;
}

/** Asks again what passes by itself. @throws UserError when it does not */
function patient(get: Ask, { clock, random, onProgress }: AzurePorts): Ask {
  return async (path, needs, signal) => {
    const backoff = new Backoff({ first: 1000, most: 30_000, random });
    for (;;) {
      try {
        return await get(path, needs, signal);
      } catch (error) {
        if (!(error instanceof Passing) || signal.aborted) throw error;
        const wait = backoff.next(error.after ?? 0);
        if (backoff.failures >= ATTEMPTS)
          throw new UserError('CW-7008', `Azure does not answer: ${error.message}`, {
            cure: 'try again in some minutes',
          });
        onProgress(`waiting ${Math.ceil(wait / 1000)} s  ${error.message}`);
        await clock.sleep(wait, signal);
      }
    }
  };
}

interface Span {
  readonly from: number;
  readonly to: number;
}

async function* activityLogBytes(
  get: Ask,
  { subscription, from, to }: Span & { readonly subscription: string },
  { onProgress }: AzurePorts,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let records = 0;
  for (const provider of PROVIDERS)
    for await (const page of activityLog(get, { subscription, provider, from, to }, signal)) {
      records += page.length;
      onProgress(`reading  Activity Log, ${provider}   ${records} records`);
      if (page.length > 0) yield linesOf(page);
    }
}

async function* workspaceBytes(
  get: Ask,
  { workspace, from, to }: Span & { readonly workspace: string },
  { onProgress }: AzurePorts,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const end = new Date(to).toISOString();
  let rows = 0;
  for (const table of Object.keys(TABLES)) {
    let wanted = ROWS;
    for (let at = new Date(from).toISOString(); !signal.aborted; ) {
      const found = await rowsOf(get, { workspace, table, from: at, to: end, rows: wanted }, signal);
      if (found === null) break;
      rows += found.rows.length;
      onProgress(`reading  Log Analytics, ${table}   ${rows} rows`);
      if (found.rows.length > 0) yield answerOf(table, found.columns, found.rows);
      if (!found.isFull || found.last === null) break;
      // Rows of one moment are asked for together, else the next question would begin where this one did.
      wanted = found.last === at ? wanted * 2 : ROWS;
      at = found.last;
    }
  }
}

/** Null: the workspace has no such table. */
async function rowsOf(get: Ask, slice: Parameters<typeof tableRows>[1], signal: AbortSignal) {
  try {
    return await tableRows(get, slice, signal);
  } catch (error) {
    if (error instanceof UserError && error.code === 'CW-7006') return null;
    throw error;
  }
}
