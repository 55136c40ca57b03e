import { type AlertItem, alertsPage } from '../../../../src/api/contract.ts';
import { byUrgency } from '../../alerts.ts';
import { useNow } from '../../clock.ts';
import { Note } from '../../parts/Note.tsx';
import { useTitle } from '../../parts/PageHeader.tsx';
import { Failed, Loading } from '../../parts/States.tsx';
import { Time } from '../../parts/Time.tsx';
import { useApi, useSources, useStatus } from '../../queries.ts';
import { count, many } from '../../words.ts';
import { Accounts } from './Accounts.tsx';
import { Arriving } from './Arriving.tsx';
import { ByLevel } from './ByLevel.tsx';
import { Deliveries } from './Deliveries.tsx';
import { Fire } from './Fire.tsx';
import { Itself } from './Itself.tsx';
import { Since } from './Since.tsx';
import { useLastLook } from './lastLook.ts';
import './overview.css';

/** Is anything on fire? One sentence first; everything else proves it. */
export function Overview() {
  useTitle('Overview');
  const answer = useApi('/api/v1/alerts', alertsPage, {
    query: { status: 'open,acknowledged', limit: 200 },
    every: 30,
  });
  const lastLook = useLastLook();
  if (answer.data === undefined)
    return answer.error === null ? (
      <Loading rows={8} what="Reading the alerts" />
    ) : (
      <Failed error={answer.error} what="The overview" retry={() => void answer.refetch()} />
    );
  const alerts = [...answer.data.items].sort(byUrgency);
  const needy = alerts.filter(({ status, routine }) => status === 'open' && routine === null);
  return (
    <>
      <Hero alerts={alerts} needy={needy} lastLook={lastLook} />
      {answer.error === null ? null : <Failed error={answer.error} what="The overview" />}
      <Fire alerts={[...needy, ...alerts.filter(({ status }) => status === 'acknowledged')]} />
      <div className="grid-main">
        <div className="col">
          <ByLevel />
          <Accounts alerts={alerts} />
          <Arriving />
        </div>
        <div className="col">
          <Since lastLook={lastLook} />
          <Deliveries />
          <Itself />
        </div>
      </div>
    </>
  );
}

interface HeroProps {
  readonly alerts: readonly AlertItem[];
  readonly needy: readonly AlertItem[];
  readonly lastLook: number | null;
}

function Hero({ alerts, needy, lastLook }: HeroProps) {
  const now = useNow();
  const { data: status } = useStatus();
  const { data: sources } = useSources();
  const acknowledged = alerts.filter(({ status: one }) => one === 'acknowledged').length;
  const others = Math.max(0, (status?.alerts.open ?? needy.length) - needy.filter(({ level }) => level === needy[0]?.level).length);
  const broken = (sources?.items ?? []).filter(({ state }) => state === 'failed' || state === 'retrying');
  return (
    <div className="hero">
      <h1>{sentenceOf(needy, broken.length)}</h1>
      <p>
        <Time at={now} form="full" />. {needy.length > 0 && others > 0 ? `${count(others)} more ${others === 1 ? 'needs' : 'need'} a person, ` : ''}
        {count(acknowledged)} {acknowledged === 1 ? 'is' : 'are'} acknowledged.
        {lastLook === null ? null : (
          <>
            {' '}
            You last looked <Time at={lastLook} />.
          </>
        )}
      </p>
      {status !== undefined && !status.ready ? (
        <Note tone="bad">
          <b>cosmowatch takes no records now.</b> {status.why}
        </Note>
      ) : null}
    </div>
  );
}

/** What is worst, in words; all quiet is only said if everything is read. */
function sentenceOf(needy: readonly AlertItem[], broken: number): string {
  const [worst] = needy;
  if (worst === undefined)
    return broken === 0
      ? 'Nothing needs a person.'
      : `No alert needs a person, but ${many(broken, 'source does', 'sources do')} not arrive.`;
  const same = needy.filter(({ level }) => level === worst.level);
  const level = worst.level === 'informational' ? 'minor' : worst.level;
  const isTaken = same.every(({ assignee }) => assignee !== null);
  if (same.length === 1) return `One ${level} alert is open${isTaken ? '.' : ' and nobody has taken it.'}`;
  return `${inWords(same.length)} ${level} alerts are open${isTaken ? '.' : ' and nobody has taken them.'}`;
}

const WORDS = ['No', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine', 'Ten', 'Eleven', 'Twelve'];

function inWords(value: number): string {
  return WORDS[value] ?? count(value);
}
