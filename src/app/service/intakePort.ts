import type { IntakePort } from '../../api/ports.ts';
import { isoOf } from '../../lib/iso.ts';
import type { Overview } from '../../store/overview.ts';
import { isDatabaseAccount } from '../init/plan.ts';
import { filesOf } from '../init/write.ts';
import type { Intake } from './intake.ts';
import type { SourceStatus } from './sourceRunner.ts';
import { sourceOf } from './statusPort.ts';

export interface IntakeDeps {
  readonly sources: () => readonly SourceStatus[];
  readonly overview: Overview;
  readonly intake: Intake;
}

/** What sources took and left out. */
export function intakePort({ sources, overview, intake }: IntakeDeps): IntakePort {
  return {
    list: () =>
      sources().map((one) => {
        const { rates, perSecond, leftOut, troubles } = intake.of(one.name);
        return {
          ...sourceOf(one, overview.progress(one.name)),
          rates,
          perSecond,
          leftOut: leftOut.map((left) => ({ ...left, lastAt: isoOf(left.lastAt) })),
          troubles: troubles.map(({ at, why }) => ({ at: isoOf(at), why })),
        };
      }),
    setup({ account, transport, api, requests }) {
      const subscription = /^\/subscriptions\/([0-9a-f-]{36})\//i.exec(account)?.[1];
      if (subscription === undefined || !isDatabaseAccount(account)) return null;
      const files = filesOf({
        subscriptions: [subscription.toLowerCase()],
        accounts: [account],
        transport,
        apis: [api],
        requests,
        auth: 'entra',
        name: 'cosmowatch',
        location: 'westeurope',
        resourceGroup: 'rg-cosmowatch',
      });
      return { files: [...files].map(([name, text]) => ({ name, text })) };
    },
  };
}
