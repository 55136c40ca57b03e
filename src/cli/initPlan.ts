import {
  APIS,
  AUTHS,
  isDatabaseAccount,
  isLocation,
  isName,
  isResourceGroup,
  type Plan,
  REQUESTS,
  TRANSPORTS,
} from '../app/init/plan.ts';
import { UserError } from '../lib/errors.ts';
import type { Parsed } from './command.ts';
import { choice, wrong } from './scanOptions.ts';
import type { Ask } from './streams.ts';

/** What was said by options, and asked for the rest where somebody is there. @throws UserError CW-1002, CW-8028 */
export async function planOf(parsed: Parsed, ask: Ask | null): Promise<Plan> {
  const { text, many } = parsed;
  // What was said is checked before anything is asked.
  const said = {
    subscriptions: many('subscription').map((one) => subscriptionIn(one)),
    transport: choice('--transport', text('transport'), TRANSPORTS),
    accounts: many('account').flatMap((one) => accountIn(one) ?? 'all'),
    apis: many('api').map((one) => choice('--api', one, APIS)!),
    requests: choice('--requests', text('requests'), REQUESTS),
  };
  const others = {
    auth: choice('--auth', text('auth'), AUTHS) ?? 'entra',
    name: checked('--name', text('name') ?? 'cosmowatch', isName, 'small letters, digits and "-": 3 to 16 of them'),
    location: checked(
      '--location',
      text('location') ?? 'westeurope',
      isLocation,
      'a region as az account list-locations names it',
    ),
    resourceGroup: checked(
      '--resource-group',
      text('resourceGroup') ?? 'rg-cosmowatch',
      isResourceGroup,
      'a name of a resource group',
    ),
  };
  const questions = new Questions(ask);
  const subscriptions =
    said.subscriptions.length > 0
      ? said.subscriptions
      : await questions.list('--subscription', 'Subscription ids, separated by spaces', null, subscriptionIn);
  const transport =
    said.transport ??
    (await questions.one(
      '--transport',
      `How logs come (${TRANSPORTS.join(', ')})`,
      'event_hubs',
      (one) => choice('--transport', one, TRANSPORTS)!,
    ));
  if (transport === 'activity_log')
    return { ...others, subscriptions, transport, accounts: 'all', apis: [], requests: 'none' };
  const accounts =
    said.accounts.length > 0
      ? said.accounts
      : await questions.list(
          '--account',
          'Resource ids of the accounts, or all',
          'all',
          (one) => accountIn(one) ?? 'all',
        );
  const apis =
    said.apis.length > 0 || ask === null
      ? said.apis
      : await questions.list(
          '--api',
          `What they speak (${APIS.join(', ')})`,
          'nosql',
          (one) => choice('--api', one, APIS)!,
        );
  const requests =
    said.requests ??
    (ask === null
      ? 'all'
      : await questions.one(
          '--requests',
          `Which requests they log (${REQUESTS.join(', ')}); all is the most expensive`,
          'all',
          (one) => choice('--requests', one, REQUESTS)!,
        ));
  return {
    ...others,
    subscriptions: [...new Set(subscriptions)],
    transport,
    accounts: accounts.includes('all') ? 'all' : [...new Set(accounts)],
    apis: apis.length === 0 ? ['nosql'] : [...new Set(apis)],
    requests,
  };
}

function subscriptionIn(value: string): string {
  const id = value.toLowerCase();
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return id;
  throw wrong('--subscription', value, 'an id as az account list --query "[].id" prints it');
}

/** Null: all. */
function accountIn(value: string): string | null {
  if (value.toLowerCase() === 'all') return null;
  if (isDatabaseAccount(value)) return value;
  throw wrong(
    '--account',
    value,
    'all, or the resource id of a databaseAccount as az cosmosdb show --query id prints it',
  );
}

function checked(option: string, value: string, isFine: (value: string) => boolean, wanted: string): string {
  if (isFine(value)) return value;
  throw wrong(option, value, wanted);
}

/** Asks until an answer can be used; nothing is asked where nobody is. */
class Questions {
  readonly #ask: Ask | null;

  constructor(ask: Ask | null) {
    this.#ask = ask;
  }

  async one<T>(option: string, question: string, usual: string | null, read: (word: string) => T): Promise<T> {
    const [first] = await this.list(option, question, usual, read);
    return first!;
  }

  /** At least one. @param usual what an empty answer means; null: there is none */
  async list<T>(option: string, question: string, usual: string | null, read: (word: string) => T): Promise<T[]> {
    let before = '';
    for (;;) {
      const answer = await this.#ask?.(`${before}${question}${usual === null ? '' : ` [${usual}]`}: `);
      if (answer === undefined || answer === null)
        throw new UserError('CW-8028', `${option} is missing, and nobody is there to be asked`, {
          cure: 'see: cosmowatch init --help',
        });
      const words = (answer.trim() || (usual ?? '')).split(/[\s,]+/).filter(Boolean);
      try {
        if (words.length > 0) return words.map(read);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        before = `${error.message}; ${error.cure}\n`;
      }
    }
  }
}
