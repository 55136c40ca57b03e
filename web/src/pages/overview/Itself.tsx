import { KeyValue } from '../../parts/KeyValue.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { Of } from '../../parts/States.tsx';
import { State } from '../../parts/State.tsx';
import { Time } from '../../parts/Time.tsx';
import { useStatus } from '../../queries.ts';
import { bytes, count, many } from '../../words.ts';

/** Who watches the watcher. */
export function Itself() {
  const answer = useStatus();
  return (
    <Panel title="cosmowatch itself">
      <Of answer={answer} what="Its state">
        {({ ready, why, records, rules, store, queue, version, startedAt }) => (
          <KeyValue
            rows={[
              ['State', ready ? <State mark="ok">Takes records</State> : <State mark="bad">{why ?? 'Not ready'}</State>],
              ['Records', `${count(records.accepted)} since the start`],
              records.rejected === 0 ? null : ['Not read', <span key="" className="txt-high">{count(records.rejected)}</span>],
              ['Waiting', queue.batches === 0 ? 'nothing' : `${many(queue.batches, 'batch', 'batches')}, ${bytes(queue.bytes)}`],
              ['Rules', `${many(rules.active, 'rule')} on${rules.disabled === 0 ? '' : `, ${rules.disabled} off`}`],
              ['Database', bytes(store.bytes)],
              ['Version', version],
              ['Started', <Time key="" at={startedAt} />],
            ]}
          />
        )}
      </Of>
    </Panel>
  );
}
