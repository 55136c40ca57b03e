import { accountIn, containerId } from './arm.ts';
import { effectOf, exposureOf, isEqual, isPatch, type State, settingsOfBody, settingsOfColumns } from './settings.ts';
import { type Action, type Change, isDone, type Json, MINUTE, type Rec } from './types.ts';

/** A setting's change, found by comparing what an action says with what was known before it. */
export interface Step {
  readonly at: number;
  readonly action: Action;
  readonly after: State;
  readonly before: State;
  readonly changes: readonly Change[];
}

const WRITES = ['account.write', 'account.create', 'account.update'];

/** Everything that happened, asked again from the start for every question. */
export class Past {
  readonly recs: readonly Rec[];
  readonly actions: readonly Action[];
  readonly #declared: readonly string[];
  readonly #steps = new Map<string, Step[]>();

  constructor(recs: readonly Rec[], actions: readonly Action[], declared: readonly string[]) {
    this.recs = recs;
    this.actions = actions;
    this.#declared = declared;
  }

  /** Every account that any record names, or that is declared. */
  get accounts(): string[] {
    const named = this.recs.map(({ account, resource }) => account ?? accountIn(resource));
    return [...new Set([...named.filter((account) => account !== null), ...this.#declared])].sort();
  }

  deletions(account: string): Action[] {
    return this.actions.filter(
      (one) => one.kind === 'account.delete' && one.account === account && isDone(one.outcome),
    );
  }

  /** An AccountCreate, or a write other than a PATCH, done and begun after the last record of every deletion before it. */
  births(account: string): Action[] {
    return this.actions.filter(
      (one) =>
        one.account === account &&
        isDone(one.outcome) &&
        (one.kind === 'account.create' || (one.kind === 'account.write' && !isPatch(one))) &&
        this.deletions(account).every((deletion) => deletion.at > one.at || deletion.last < one.at),
    );
  }

  isKnown(account: string, at: number): boolean {
    const deletion = this.lastDeletion(account, at);
    if (deletion !== null) return this.births(account).some((birth) => birth.at > deletion.last && birth.at <= at);
    return this.#declared.includes(account) || this.isNamedBefore(account, at + 1);
  }

  isNamedBefore(account: string, at: number): boolean {
    return this.recs.some((rec) => rec.at < at && (rec.account ?? accountIn(rec.resource)) === account);
  }

  known(at: number): string[] {
    return this.accounts.filter((account) => this.isKnown(account, at));
  }

  lastDeletion(account: string, at: number): Action | null {
    return this.deletions(account).findLast((deletion) => deletion.at <= at) ?? null;
  }

  /** The account's settings after everything up to and including `at`; empty after its deletion. */
  settings(account: string, at: number): State {
    const step = this.steps(account).findLast((one) => one.at <= at);
    const deletion = this.lastDeletion(account, at);
    return step === undefined || (deletion !== null && deletion.at >= step.at) ? {} : step.after;
  }

  steps(account: string): Step[] {
    const ready = this.#steps.get(account);
    if (ready !== undefined) return ready;
    const steps: Step[] = [];
    let silently: { [property: string]: number } = {};
    let state: State = {};
    for (const action of this.actions) {
      if (action.account !== account || !isDone(action.outcome) || !WRITES.includes(action.kind)) continue;
      const deletion = this.lastDeletion(account, action.at);
      if (deletion !== null && deletion.at >= (steps.at(-1)?.at ?? Number.NEGATIVE_INFINITY)) {
        state = {};
        silently = {};
      }
      const before = state;
      const { after, changed } = apply(action, before, silently);
      const changes = changed.map(({ property, was, then }) => changeOf(property, was, then));
      steps.push({ at: action.at, action, before, after, changes });
      state = after;
    }
    this.#steps.set(account, steps);
    return steps;
  }

  /** Was the container created, used or written, and not deleted since? */
  existed(account: string, container: string, at: number): boolean {
    const database = container.split('/')[0]!;
    const gone = this.actions.filter(
      (one) =>
        one.account === account &&
        isDone(one.outcome) &&
        one.at < at &&
        (one.kind === 'account.delete' ||
          (one.kind === 'container.delete' && containerId(one.database, one.container) === container) ||
          (one.kind === 'database.delete' && one.database?.toLowerCase() === database)),
    );
    const since = Math.max(Number.NEGATIVE_INFINITY, ...gone.map((one) => one.at));
    return this.actions.some(
      (one) =>
        one.account === account &&
        containerId(one.database, one.container) === container &&
        isDone(one.outcome) &&
        one.kind !== 'container.delete' &&
        one.at > since &&
        one.at < at,
    );
  }
}

interface Changed {
  readonly property: string;
  readonly was: Json | undefined;
  /** The account after the telling that says so. */
  readonly then: State;
}

/** A PATCH first, then what repeats everything. `silently`: when a value was learnt without being a change. */
function apply(action: Action, before: State, silently: { [property: string]: number }) {
  const told = settingsOfBody(action.body);
  const first = isPatch(action) ? patch(action.at, told, before, silently) : repeat(action.at, told, before, silently);
  const second = repeat(action.at, settingsOfColumns(action.columns), first.after, silently);
  return { after: second.after, changed: [...first.changed, ...second.changed] };
}

interface Applied {
  readonly after: State;
  readonly changed: readonly Changed[];
}

type Silently = { [property: string]: number };

/** Each setting that it names is a change, unless it equals what was known for some time. */
function patch(at: number, told: State, before: State, silently: Silently): Applied {
  const then = { ...before, ...told };
  const changed: Changed[] = [];
  for (const [property, value] of Object.entries(told)) {
    const was = before[property];
    const learnt = silently[property];
    const isYoung = learnt !== undefined && at - learnt < 10 * MINUTE;
    if (was !== undefined && isEqual(property, was, value) && !isYoung) continue;
    changed.push({ property, was: was === undefined || isEqual(property, was, value) ? undefined : was, then });
    delete silently[property];
  }
  return { after: then, changed };
}

/** It repeats everything, so only differences count; what was not known is learnt silently. */
function repeat(at: number, told: State, before: State, silently: Silently): Applied {
  const then = { ...before, ...told };
  const changed: Changed[] = [];
  for (const [property, value] of Object.entries(told)) {
    const was = before[property];
    if (was === undefined) silently[property] = at;
    else if (!isEqual(property, was, value)) {
      changed.push({ property, was, then });
      delete silently[property];
    }
  }
  return { after: then, changed };
}

function changeOf(property: string, was: Json | undefined, after: State): Change {
  return {
    property,
    before: was,
    after: after[property]!,
    effect: was === undefined ? 'unknown_before' : effectOf(property, was, after),
    exposure: exposureOf(after),
  };
}
