import { useState } from 'react';
import { type BacktestAnswer, backtestAnswer, type RuleDetail } from '../../../../src/api/contract.ts';
import { send } from '../../api.ts';
import { Button } from '../../parts/Button.tsx';
import { Note } from '../../parts/Note.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { Segments } from '../../parts/Segments.tsx';
import { Empty } from '../../parts/States.tsx';
import { Time } from '../../parts/Time.tsx';
import { useWhyNot } from '../../session.ts';
import { failed } from '../../told.ts';
import { count, many } from '../../words.ts';

const PERIODS = [
  ['7d', '7 days'],
  ['30d', '30 days'],
  ['365d', 'a year'],
] as const;
type Period = (typeof PERIODS)[number][0];

interface BacktestProps {
  readonly rule: RuleDetail;
  readonly text: string;
  readonly isChanged: boolean;
  readonly errors: number;
}

/** The text of the page against the rule as it runs, over what is stored. */
export function Backtest({ rule, text, isChanged, errors }: BacktestProps) {
  const [period, pick] = useState<Period>('30d');
  const [answer, become] = useState<BacktestAnswer | null>(null);
  const [isBusy, run] = useState(false);
  const denied = useWhyNot('act');
  const whyNot = denied ?? (errors > 0 ? 'The text has mistakes' : null);
  const test = (): void => {
    run(true);
    send('POST', '/api/v1/rules/backtest', { rule: rule.name, text, since: period }, backtestAnswer)
      .then(become, (error: unknown) => failed('It could not be tried', error))
      .finally(() => run(false));
  };
  return (
    <Panel
      title="Try it on stored events"
      about={isChanged ? 'your draft against the rule as it runs' : 'the rule as it runs'}
      end={
        <>
          <Segments label="Period" options={PERIODS} value={period} onChange={pick} />
          <Button isSmall whyNot={whyNot} isBusy={isBusy} onClick={test}>
            {isBusy ? 'Running' : 'Run'}
          </Button>
        </>
      }
      isFlush
    >
      {answer === null ? (
        <p className="small muted rule-fine">
          Change the text, then see which alerts it would have added and which it would have spared, over the
          control-plane records that are stored.
        </p>
      ) : (
        <Result answer={answer} />
      )}
    </Panel>
  );
}

function Result({ answer }: { readonly answer: BacktestAnswer }) {
  const { mistakes, events, before, after, added, removed, same, cannot, from, to } = answer;
  if (mistakes.length > 0)
    return (
      <Note tone="bad">
        <b>Nothing could be tried.</b> {mistakes.join('. ')}
      </Note>
    );
  const changed = same.filter(({ was }) => was !== null);
  const attacks = removed.filter(({ verdict }) => verdict === 'true').length;
  return (
    <>
      <p className="rule-fine" role="status">
        <b>
          {before === after && added.length === 0 && removed.length === 0
            ? `${many(before, 'alert')}, as before.`
            : `${many(before, 'alert')} ${before === 1 ? 'becomes' : 'become'} ${after}.`}
        </b>{' '}
        {removed.length} fewer, {added.length} more.{' '}
        {removed.length === 0
          ? ''
          : attacks === 0
            ? 'Nobody had called any of those that go an attack.'
            : `${attacks} of those that go had been called an attack.`}{' '}
        <span className="muted">
          {many(events, 'control-plane record')}
          {from === null || to === null ? '' : ' from '}
          {from === null ? null : <Time at={from} />}
          {to === null ? null : (
            <>
              {' to '}
              <Time at={to} />
            </>
          )}
        </span>
      </p>
      {cannot.map((why) => (
        <Note key={why} tone="warn">
          <b>Not tried:</b> {why}.
        </Note>
      ))}
      {added.length + removed.length + changed.length === 0 ? (
        <Empty kind="good" title="No difference">
          {count(before)} alerts, and the same with the text of this page.
        </Empty>
      ) : (
        <Differences added={added} removed={removed} changed={changed} />
      )}
    </>
  );
}

type Items = BacktestAnswer['added'];
const SHOWN = 30;

function Differences({
  added,
  removed,
  changed,
}: {
  readonly added: Items;
  readonly removed: Items;
  readonly changed: Items;
}) {
  const all = [
    ...added.map((item) => ({ item, mark: '+ added', look: 'is-added', about: `level ${item.level}` })),
    ...removed.map((item) => ({
      item,
      mark: '− removed',
      look: 'is-removed',
      about: item.verdict === null ? 'no verdict' : `verdict: ${item.verdict}`,
    })),
    ...changed.map((item) => ({ item, mark: '~ level', look: '', about: `${item.was} becomes ${item.level}` })),
  ];
  return (
    <ul className="rule-differences" aria-label="Differences">
      {all.slice(0, SHOWN).map(({ item, mark, look, about }) => (
        <li key={`${mark} ${item.rule} ${item.firstSeen} ${item.account} ${item.reason}`}>
          <span className={look}>{mark}</span>
          <Time at={item.firstSeen} />
          <span>
            {item.reason}
            <small>{about}</small>
          </span>
        </li>
      ))}
      {all.length > SHOWN ? <li className="muted">and {all.length - SHOWN} more</li> : null}
    </ul>
  );
}
