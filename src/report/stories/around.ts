import type { Fact } from '../../events/fact.ts';
import { visible } from '../text.ts';
import type { ChangeWords, Told } from './story.ts';

/** What happens to the network around an account, by action: the thing, what was done to it, the whole sentence where it is another. */
interface Happened {
  readonly thing: string;
  readonly verb: string;
  readonly text?: string;
  /** It lets more in. */
  readonly opens?: true;
}

const AROUND: Readonly<Record<string, Happened>> = {
  'cosmosdb.private_endpoint.write': { thing: 'private endpoint', verb: 'written', opens: true },
  'cosmosdb.private_endpoint.approve': { thing: 'private endpoint', verb: 'approved', opens: true },
  'cosmosdb.private_endpoint.delete': { thing: 'private endpoint', verb: 'deleted' },
  'cosmosdb.firewall_rule.write': { thing: 'firewall rule', verb: 'written', opens: true },
  'cosmosdb.firewall_rule.delete': { thing: 'firewall rule', verb: 'deleted' },
  'cosmosdb.network_perimeter.write': {
    thing: 'network perimeter',
    verb: 'changed',
    text: 'The network security perimeter of {account} was changed',
    opens: true,
  },
  'cosmosdb.network_perimeter.delete': {
    thing: 'network perimeter',
    verb: 'removed',
    text: '{account} was taken out of its network security perimeter',
    opens: true,
  },
  'cosmosdb.virtual_network.delete': {
    thing: 'virtual network',
    verb: 'deleted',
    text: 'A virtual network that may reach {account} was deleted',
  },
};

export function isOpeningAround(action: string): boolean {
  return AROUND[action]?.opens === true;
}

/** What was done to something around the account's network. */
export function around(told: Told & Partial<Pick<Fact, 'fields' | 'target'>>, account: string): ChangeWords {
  const happened = AROUND[told.action];
  if (happened === undefined)
    return { what: 'network access changed', text: `Network access to ${account} was changed`, tense: 'act' };
  const { thing, verb, text } = happened;
  const name = nameOfThing(told);
  const whole =
    name === null ? `A ${thing} of ${account} was ${verb}` : `The ${thing} ${name} of ${account} was ${verb}`;
  return {
    what: `${thing} ${verb}`,
    ...(name === null ? {} : { named: `${thing} ${name} ${verb}` }),
    text: text === undefined ? whole : text.replace('{account}', () => account),
    tense: 'act',
  };
}

function nameOfThing({ fields, target }: Partial<Pick<Fact, 'fields' | 'target'>>): string | null {
  const endpoint = fields?.['cosmosdb.private_endpoint.name'];
  if (endpoint !== undefined) return visible(`${endpoint}`);
  const rule = /\/firewallrules\/([^/]+)$/i.exec(target ?? '')?.[1];
  return rule === undefined ? null : visible(rule);
}
