import { lazy, Suspense } from 'react';
import { type AlertItem, type AlertRecord, alertRecords } from '../../../../src/api/contract.ts';
import { part } from '../../api.ts';
import { CopyButton } from '../../parts/CopyCommand.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { Segments } from '../../parts/Segments.tsx';
import { Empty, Of } from '../../parts/States.tsx';
import { Time } from '../../parts/Time.tsx';
import { useApi } from '../../queries.ts';
import { count } from '../../words.ts';
import { useSearchTexts } from '../search.ts';
import { hitsOf } from './hits.ts';

const Raw = lazy(() => import('../../parts/Raw.tsx').then((m) => ({ default: m.Raw })));

type Form = 'raw' | 'fields';
const FORMS: readonly (readonly [Form, string])[] = [
  ['raw', 'Raw'],
  ['fields', 'Why it matched'],
];

/** The records that the rule matched, as they came, with what matched marked. */
export function Evidence({ alert }: { readonly alert: AlertItem }) {
  const [search, change] = useSearchTexts();
  const form = (search['tab'] ?? 'raw') as Form;
  const answer = useApi(`/api/v1/alerts/${part(alert.id)}/records`, alertRecords);
  return (
    <Panel
      title="Evidence"
      about={`${count(alert.evidence.length)} of ${count(alert.count)}`}
      folds
      isFlush
      end={
        <Segments
          label="How the record is shown"
          options={FORMS}
          value={form}
          onChange={(value) => change({ tab: value === 'raw' ? undefined : value })}
        />
      }
    >
      <Of answer={answer} what="The records">
        {({ items }) => {
          const shown = items.find(({ id }) => id === search['record']) ?? items[0];
          if (shown === undefined) return <Empty kind="search" title="The alert names no record" />;
          return (
            <>
              <ul className="records" aria-label="Records">
                {items.map((item) => (
                  <li key={item.id}>
                    <button
                      type="button"
                      aria-pressed={item.id === shown.id}
                      onClick={() => change({ record: item.id })}
                    >
                      <b>{item.action}</b>
                      <span>{item.family}</span>
                      <span>{item.outcome}</span>
                      <Time at={item.time} form="second" />
                    </button>
                  </li>
                ))}
              </ul>
              <Shown record={shown} form={form} />
            </>
          );
        }}
      </Of>
    </Panel>
  );
}

function Shown({ record, form }: { readonly record: AlertRecord; readonly form: Form }) {
  const { matched, position } = record;
  const text = record.record === null ? null : JSON.stringify(record.record, null, 2);
  return (
    <div className="record">
      <div className="record-head small muted">
        <span className="grow">
          {matched === null
            ? 'Why it matched is not known any more.'
            : `${matched.rule}: ${matched.selections.join(', ')}${matched.alone ? '' : ', with what other records tell'}`}
          {position === null ? '' : `. ${position.source}, line ${position.line}`}
        </span>
        {text === null ? null : <CopyButton text={text} label="Copy the record" />}
      </div>
      {form === 'fields' ? <Fields record={record} /> : null}
      {form === 'raw' && text === null ? (
        <Empty kind="search" title="The record is not kept any more">
          What the rule asked of it stands under “Why it matched”.
        </Empty>
      ) : null}
      {form === 'raw' && text !== null ? (
        <Suspense fallback={<pre className="raw-wait">{text}</pre>}>
          <Raw text={text} hits={hitsOf(text, matched?.fields ?? [])} />
        </Suspense>
      ) : null}
    </div>
  );
}

function Fields({ record: { matched } }: { readonly record: AlertRecord }) {
  if (matched === null || matched.fields.length === 0)
    return <p className="fields-none muted">Nothing is known of it.</p>;
  return (
    <table className="tbl tbl-stack" aria-label="What the rule asks, and what the record has there">
      <thead>
        <tr>
          <th>Field</th>
          <th>The rule asks</th>
          <th>The record has</th>
        </tr>
      </thead>
      <tbody>
        {matched.fields.map(({ field, asks, values }, at) => (
          // A rule may ask twice for the same.
          // biome-ignore lint/suspicious/noArrayIndexKey: as above
          <tr key={at}>
            <td data-l="Field">
              <code>{field === '' ? 'anywhere' : field}</code>
            </td>
            <td data-l="Asks">
              <code>{asks}</code>
            </td>
            <td data-l="Has">
              <code>
                {values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join(', ')}
              </code>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
