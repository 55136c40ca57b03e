import { deliveriesList } from '../../../../src/api/contract.ts';
import { Note } from '../../parts/Note.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { State } from '../../parts/State.tsx';
import { Time } from '../../parts/Time.tsx';
import { useApi, useStatus } from '../../queries.ts';
import { useWhyNot } from '../../session.ts';
import { many } from '../../words.ts';

/** Whether people are told. Why a message failed is shown to those who can mend it. */
export function Deliveries() {
  const { data: status } = useStatus();
  const isAdmin = useWhyNot('admin') === null;
  const { data } = useApi('/api/v1/deliveries/dead', deliveriesList, { query: { limit: 100 }, isOn: isAdmin, every: 60 });
  const { waiting, dead } = status?.deliveries ?? { waiting: 0, dead: 0 };
  const failing = [...Map.groupBy(data?.items ?? [], ({ receiver }) => receiver)];
  return (
    <Panel title="Deliveries">
      <div className="deliveries">
        {failing.map(([receiver, items]) => {
          const last = items[0]?.attempts.at(-1);
          return (
            <Note tone="warn" key={receiver}>
              <b>
                {receiver} has refused {many(items.length, 'message')}
              </b>
              {last === undefined ? null : (
                <>
                  , last <Time at={last.at} />: {last.reason ?? last.result}
                </>
              )}
            </Note>
          );
        })}
        {failing.length === 0 && dead > 0 ? (
          <Note tone="warn">
            <b>{many(dead, 'message')} could not be delivered.</b> An admin sees why.
          </Note>
        ) : null}
        <p>
          {waiting > 0 ? (
            <State mark="warn">{many(waiting, 'message waits', 'messages wait')}</State>
          ) : dead === 0 ? (
            <State mark="ok">Nothing waits, nothing was refused</State>
          ) : null}
        </p>
      </div>
    </Panel>
  );
}
