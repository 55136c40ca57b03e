import { useMemo } from 'react';
import type { AlertItem } from '../../../../src/api/contract.ts';
import { act } from '../../alerts.ts';
import { useUser } from '../../session.ts';
import { failed, told } from '../../told.ts';
import { many } from '../../words.ts';

/** What is done to one alert or to several at once; each result is shown where the alert stands. */
export interface Actions {
  readonly acknowledge: (alerts: readonly AlertItem[]) => void;
  readonly resolve: (alerts: readonly AlertItem[]) => void;
  readonly assignToMe: (alerts: readonly AlertItem[]) => void;
}

export function useActions(put: (item: AlertItem) => void): Actions {
  const name = useUser()?.name ?? '';
  return useMemo(
    () => ({
      acknowledge: (alerts) =>
        void each(
          'acknowledged',
          alerts.filter(({ status }) => status === 'open'),
          put,
          ({ id }) => act(id, 'acknowledge', {}),
        ),
      resolve: (alerts) =>
        void each(
          'resolved',
          alerts.filter(({ status }) => status !== 'resolved'),
          put,
          ({ id }) => act(id, 'resolve', {}),
        ),
      assignToMe: (alerts) =>
        void each('assigned to you', alerts, put, ({ id }) => act(id, 'assign', { assignee: name })),
    }),
    [put, name],
  );
}

/** One after the other: a hundred at once would only queue up at the server. */
async function each(
  done: string,
  alerts: readonly AlertItem[],
  put: (item: AlertItem) => void,
  run: (alert: AlertItem) => Promise<AlertItem>,
): Promise<void> {
  let finished = 0;
  try {
    for (const alert of alerts) {
      put(await run(alert));
      finished += 1;
    }
  } catch (error) {
    failed(`${many(alerts.length - finished, 'alert was', 'alerts were')} not ${done}`, error);
  }
  if (finished > 0) told(`${many(finished, 'alert')} ${done}`);
}
