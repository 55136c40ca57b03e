import { useNow } from '../clock.ts';
import { liveState, reconnect } from '../live.ts';
import { useStatus } from '../queries.ts';
import { useStore } from '../store.ts';
import { age } from '../words.ts';

/** Is what is on the screen what is so? Told on every page. */
export function LiveState() {
  const { state, since } = useStore(liveState);
  const now = useNow();
  const { data } = useStatus();
  if (state === 'lost')
    return (
      <button type="button" className="live is-off" onClick={reconnect} aria-live="polite">
        <i />
        <span>
          No connection<span className="hide-phone"> for {age((now - since) / 1000)}, try now</span>
        </span>
      </button>
    );
  return (
    <span className={`live${state === 'connecting' ? ' is-wait' : ''}`}>
      <i />
      <span className="hide-phone">
        {state === 'connecting' ? 'Connecting' : `Live${lastRecord(data?.sources, now)}`}
      </span>
      <span className="sr only-narrow">{state === 'connecting' ? 'Connecting' : 'Live'}</span>
    </span>
  );
}

function lastRecord(sources: readonly { readonly lastRecordAt: string | null }[] | undefined, now: number): string {
  const times = (sources ?? []).flatMap(({ lastRecordAt }) =>
    lastRecordAt === null ? [] : [Date.parse(lastRecordAt)],
  );
  if (times.length === 0) return ', no record yet';
  return `, last record ${age((now - Math.max(...times)) / 1000)} ago`;
}
