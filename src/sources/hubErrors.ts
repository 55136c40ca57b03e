import { type ErrorCode, UserError } from '../lib/errors.ts';
import { visibleCharacters } from '../lib/visible.ts';

/** What an error of the transport means: to be tried again, or something for a person. */
export type Problem =
  | { readonly kind: 'passing'; readonly why: string }
  | { readonly kind: 'permanent'; readonly error: UserError };

/** Whom it was asked for: no secrets. */
export interface HubPlace {
  readonly hub: string;
  readonly consumerGroup: string;
}

/** Errors of `@azure/event-hubs` by their `code`, and of `@azure/identity` by their `name`. */
export function hubProblem(error: unknown, place: HubPlace, secrets: readonly string[]): Problem {
  const { name, code, message, status } = detailsOf(error);
  const said = withoutSecrets(message, secrets);
  if (name === 'RestError' && status !== null && status < 500 && status !== 429) return noCheckpoints(said);
  switch (code) {
    case 'UnauthorizedError':
    case 'PublisherRevokedError':
      return refused(place, said);
    case 'MessagingEntityNotFoundError':
      return permanent(
        'CW-7102',
        `there is no event hub ${place.hub} with a consumer group ${place.consumerGroup}`,
        said,
        'look at both names, and at the namespace: az eventhubs eventhub consumer-group list',
      );
    case 'MessagingEntityDisabledError':
      return permanent('CW-7102', `the event hub ${place.hub} is disabled`, said, 'set its status to Active');
    case 'ReceiverDisconnectedError':
      return passing(
        `another reader took a partition of ${place.hub}: give cosmowatch a consumer group of its own, or let several share with checkpoint: blob`,
      );
    case 'ServerBusyError':
    case 'QuotaExceededError':
      return passing(`Event Hubs throttles ${place.hub}: ${said}`);
  }
  if (/Credential|Authentication/.test(name) && !isOfNetwork(said)) return refused(place, said);
  return passing(`${place.hub} cannot be read: ${said}`);
}

function refused({ hub }: HubPlace, said: string): Problem {
  return permanent(
    'CW-7101',
    `Event Hubs refuses to let ${hub} be read`,
    said,
    'a connection string needs a policy with the right Listen; an identity the role Azure Event Hubs Data Receiver',
  );
}

/** The container of `checkpoint: blob` is the only thing that is asked over HTTP, tokens aside. */
function noCheckpoints(said: string): Problem {
  return permanent(
    'CW-7103',
    'the container for checkpoints cannot be used',
    said,
    'the container must exist, and its key or the role Storage Blob Data Contributor let it be written',
  );
}

/** @param said what the other side said, without secrets */
export function permanent(code: ErrorCode, message: string, said: string, cure: string): Problem {
  return { kind: 'permanent', error: new UserError(code, message, { facts: [said], cure }) };
}

export function passing(why: string): Problem {
  return { kind: 'passing', why };
}

function isOfNetwork(said: string): boolean {
  return /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|timed? ?out)\b/i.test(said);
}

interface Details {
  readonly name: string;
  readonly code: string;
  readonly message: string;
  readonly status: number | null;
}

function detailsOf(error: unknown): Details {
  const inner = error instanceof AggregateError && error.errors.length > 0 ? (error.errors[0] as unknown) : error;
  if (!(inner instanceof Error)) return { name: '', code: '', message: String(inner), status: null };
  const { code, statusCode } = inner as Error & { readonly code?: unknown; readonly statusCode?: unknown };
  return {
    name: inner.name,
    code: typeof code === 'string' ? code : '',
    message: inner.message || String(code ?? inner.name),
    status: typeof statusCode === 'number' ? statusCode : null,
  };
}

const LONGEST = 300;

/** A message of others: on one line, not too long, and whatever it repeats of a secret taken out. */
export function withoutSecrets(message: string, secrets: readonly string[]): string {
  let text = message.replace(/(SharedAccessKey|SharedAccessSignature|sig|AccountKey|password)=[^;&\s"']+/gi, '$1=***');
  for (const one of secrets) if (one !== '') text = text.replaceAll(one, '***');
  return visibleCharacters(text.replace(/\s*\n\s*/g, '; ')).slice(0, LONGEST);
}
