import type { RuleOnAccount } from '../api/contract.ts';
import { type Family, tellsRequests } from '../events/event.ts';
import { isAbsence, type Rule } from '../ir/ir.ts';
import { ruleSet } from './ask.ts';
import { familiesFor } from './coverage.ts';

/** A rule, with the logs in which it can find something. */
interface Reach {
  readonly rule: Rule;
  readonly families: readonly Family[];
}

/** Which rules can find something in the logs of an account, and why not. Worked out once for some rules: it takes a while. */
export class AccountRules {
  readonly #reaches: readonly Reach[];
  readonly #off: ReadonlyMap<string, string>;
  readonly #byLogs = new Map<string, readonly RuleOnAccount[]>();

  /** @param off why a rule is switched off, by its id */
  constructor(rules: readonly Rule[], off: ReadonlyMap<string, string>) {
    const set = ruleSet(rules);
    this.#off = off;
    this.#reaches = rules
      .filter((rule) => rule.alerts || off.has(rule.meta.id))
      .map((rule) => ({ rule, families: familiesFor(rule, set) }));
  }

  familiesOf(id: string): readonly Family[] {
    return this.#reaches.find(({ rule }) => rule.meta.id === id)?.families ?? [];
  }

  /** @param logs those that the account was seen to write @param account as it is written in commands */
  of(account: string, logs: ReadonlySet<string>): readonly RuleOnAccount[] {
    return this.#plain(logs).map((one) =>
      one.command === null ? one : { ...one, command: one.command.replace('{account}', account) },
    );
  }

  /** What is the same for all accounts with these logs. */
  #plain(logs: ReadonlySet<string>): readonly RuleOnAccount[] {
    const key = [...logs].sort().join(' ');
    const known = this.#byLogs.get(key);
    if (known !== undefined) return known;
    const made = this.#reaches.map((reach) => onAccount(reach, logs, this.#off.get(reach.rule.meta.id) ?? null));
    this.#byLogs.set(key, made);
    return made;
  }
}

function onAccount({ rule, families }: Reach, logs: ReadonlySet<string>, off: string | null): RuleOnAccount {
  const { name, title, level } = rule.meta;
  const told = { rule: name, title, level, cure: null, command: null };
  if (off !== null)
    return { ...told, state: 'off', why: off, cure: 'remove it from rules.disable of the configuration' };
  const present = families.filter((family) => logs.has(family));
  if (isAbsence(rule)) return { ...told, state: 'can', why: 'every log that arrives is waited for' };
  if (present.length === 0 && families.length > 0) return { ...told, ...cannot(families) };
  if (families.includes('ActivityLog') && !logs.has('ActivityLog') && !present.some(tellsRequests))
    return { ...told, ...NAMELESS, why: `told by ${listed(present)}, which name no caller` };
  return { ...told, state: 'can', why: present.length === 0 ? 'it looks at every log' : `told by ${listed(present)}` };
}

const NAMELESS = {
  state: 'partly',
  cure: 'read the Activity Log too: a source of type activity_log, for the subscription of the account',
} as const;

function cannot(families: readonly Family[]): Pick<RuleOnAccount, 'state' | 'why' | 'cure' | 'command'> {
  const why = `no log that tells of it arrives: ${listed(families)}`;
  const own = families.find((family) => family !== 'ActivityLog' && family !== 'AuditEvent');
  if (own === undefined) return { state: 'cannot', why, cure: NAMELESS.cure, command: null };
  return {
    state: 'cannot',
    why,
    cure: `turn on ${own} in a diagnostic setting of the account`,
    command: `az monitor diagnostic-settings create --name cosmowatch-${own.toLowerCase()} --resource {account} --event-hub HUB --event-hub-rule RULE_ID --logs '[{"category":"${own}","enabled":true}]'`,
  };
}

const NAMED = 3;

function listed(families: readonly string[]): string {
  const more = families.length - NAMED;
  return families.slice(0, NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
