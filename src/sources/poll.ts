import { Backoff } from '../lib/backoff.ts';
import { UserError } from '../lib/errors.ts';
import { LONGEST_WAIT, Passing } from './azureFailure.ts';
import type { SourceContext } from './source.ts';

/** One thing that is looked at again and again: an account, a subscription, a workspace. */
export interface Poll {
  /** Gives what is new. Throws UserError or `Passing`. */
  look(): Promise<void>;
}

/**
 * Looks at all, every `pause` milliseconds, until it is stopped. Where one fails the others are looked at all the same, and everything is
 * tried again after a wait that grows. @throws UserError where nothing can be read and a person must help
 */
export async function pollForever(
  polls: readonly Poll[],
  pause: number,
  context: SourceContext,
  signal: AbortSignal,
): Promise<void> {
  context.health({ state: 'starting' });
  const backoff = new Backoff({ first: 1000, most: 60_000, random: context.random });
  while (!signal.aborted) {
    const problems = await problemsOf(polls, signal);
    if (signal.aborted) return;
    const permanent = problems.find((one) => one instanceof UserError);
    if (permanent !== undefined && problems.length === polls.length) throw permanent;
    await context.clock.sleep(tell(problems, backoff, context) ?? pause, signal);
  }
}

async function problemsOf(polls: readonly Poll[], signal: AbortSignal): Promise<(UserError | Passing)[]> {
  const problems: (UserError | Passing)[] = [];
  for (const one of polls) {
    try {
      await one.look();
    } catch (error) {
      if (signal.aborted) break;
      if (!(error instanceof UserError) && !(error instanceof Passing)) throw error;
      problems.push(error);
    }
  }
  return problems;
}

/** How long to wait; null: as usual. */
function tell(problems: readonly (UserError | Passing)[], backoff: Backoff, context: SourceContext): number | null {
  if (problems.length === 0) {
    backoff.succeeded();
    context.health({ state: 'running' });
    return null;
  }
  const why = problems.map(({ message }) => message).join('; ');
  context.log.warn({}, why);
  context.health({ state: 'retrying', why });
  const asked = problems.map((one) => (one instanceof Passing ? (one.after ?? 0) : 0));
  return backoff.next(Math.min(LONGEST_WAIT, Math.max(...asked)));
}
