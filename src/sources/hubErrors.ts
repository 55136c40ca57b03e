import { UserError } from '../lib/errors.ts';
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
  const { name, code, message } = detailsOf(error);
  const said = withoutSecrets(message, secrets);
  switch (code) {
    case 'UnauthorizedError':
    case 'PublisherRevokedError':
      return refused(place, said);
    case 'MessagingEntityNotFoundError':
      return permanent(
        'CW-7102',
        `there is no event hub ${place.hub} with a consumer group ${place.consumerGroup}`,
        said,
        {
          cure: 'look at both names, and at the namespace: az eventhubs eventhub consumer-group list',
        },
      );
    case 'MessagingEntityDisabledError':
      return permanent('CW-7102', `the event hub ${place.hub} is disabled`, said, { cure: 'set its status to Active' });
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
  return permanent('CW-7101', `Event Hubs refuses to let ${hub} be read`, said, {
    cure: 'a connection string needs a policy with the right Listen; an identity the role Azure Event Hubs Data Receiver',
  });
}

function permanent(code: 'CW-7101' | 'CW-7102', message: string, said: string, { cure }: { cure: string }): Problem {
  return { kind: 'permanent', error: new UserError(code, message, { facts: [said], cure }) };
}

function passing(why: string): Problem {
  return { kind: 'passing', why };
}

function isOfNetwork(said: string): boolean {
  return /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|timed? ?out)\b/i.test(said);
}

function detailsOf(error: unknown): { readonly name: string; readonly code: string; readonly message: string } {
  const inner = error instanceof AggregateError && error.errors.length > 0 ? (error.errors[0] as unknown) : error;
  if (!(inner instanceof Error)) return { name: '', code: '', message: String(inner) };
  const code = (inner as Error & { readonly code?: unknown }).code;
  return {
    name: inner.name,
    code: typeof code === 'string' ? code : '',
    message: inner.message || String(code ?? inner.name),
  };
}

const LONGEST = 300;

/** A message of others: on one line, not too long, and whatever it repeats of a secret taken out. */
export function withoutSecrets(message: string, secrets: readonly string[]): string {
  let text = message.replace(/(SharedAccessKey|SharedAccessSignature|sig|AccountKey|password)=[^;&\s"']+/gi, '$1=***');
  for (const one of secrets) if (one !== '') text = text.replaceAll(one, '***');
  return visibleCharacters(text).slice(0, LONGEST);
}
