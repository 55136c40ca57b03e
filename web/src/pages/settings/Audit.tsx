import { useState } from 'react';
import { auditPage, type VerifyAnswer, verifyAnswer } from '../../../../src/api/contract.ts';
import { get } from '../../api.ts';
import { Button } from '../../parts/Button.tsx';
import { DataTable, type TableColumn } from '../../parts/DataTable.tsx';
import { Note } from '../../parts/Note.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { State } from '../../parts/State.tsx';
import { Empty, Of } from '../../parts/States.tsx';
import { Time } from '../../parts/Time.tsx';
import { useApi } from '../../queries.ts';
import { useWhyNot } from '../../session.ts';
import { failed } from '../../told.ts';
import { count } from '../../words.ts';
import { useSearchTexts } from '../search.ts';
import { Denied } from './Settings.tsx';

const PAGE = 50;

export function Audit() {
  const denied = useWhyNot('admin');
  return denied === null ? <Log /> : <Denied title="Audit log" />;
}

function Log() {
  const [search, change] = useSearchTexts();
  const [verdict, become] = useState<VerifyAnswer | null>(null);
  const answer = useApi('/api/v1/audit', auditPage, { query: { limit: PAGE, before: search['before'] }, keeps: true });
  const verify = (): void => {
    get('/api/v1/audit/verify', verifyAnswer).then(become, (error: unknown) =>
      failed('It could not be verified', error),
    );
  };
  return (
    <Panel
      title="Audit log"
      about="each entry is chained to the one before"
      end={
        <Button isSmall onClick={verify}>
          Verify the chain
        </Button>
      }
      isFlush
    >
      {verdict === null ? null : <Verdict verdict={verdict} />}
      <Of answer={answer} what="The audit log" rows={6}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty kind="search" title="Nothing was changed yet" />
          ) : (
            <>
              <DataTable label="Audit log" columns={COLUMNS} rows={items} idOf={({ seq }) => String(seq)} />
              <div className="row-wrap">
                {search['before'] === undefined ? null : (
                  <Button look="quiet" onClick={() => change({ before: undefined })}>
                    Newest
                  </Button>
                )}
                {items.length < PAGE ? null : (
                  <Button look="quiet" onClick={() => change({ before: String(items.at(-1)!.seq) }, true)}>
                    Older
                  </Button>
                )}
              </div>
            </>
          )
        }
      </Of>
    </Panel>
  );
}

function Verdict({ verdict: { isIntact, rows, head, brokenAt, why } }: { readonly verdict: VerifyAnswer }) {
  if (!isIntact)
    return (
      <Note tone="bad">
        <b>Broken at entry {brokenAt}.</b> {why}. Compare it with a backup.
      </Note>
    );
  return (
    <Note tone="ok">
      <b>Intact.</b> {count(rows ?? 0)} entries; nothing was changed, added between or taken out.
      {head === null ? null : (
        <>
          {' '}
          Its end: <code>{`${head.seq}:${head.hash}`}</code>. Note it elsewhere, and cosmowatch audit verify --head
          finds what is cut off later.
        </>
      )}
    </Note>
  );
}

type Entry = Readonly<{
  seq: number;
  at: string;
  by: string;
  action: string;
  target: string | null;
  outcome: 'asked' | 'failed';
}>;

const COLUMNS: readonly TableColumn<Entry>[] = [
  { key: 'at', head: 'Time', cell: ({ at }) => <Time at={at} /> },
  { key: 'by', head: 'Who', cell: ({ by }) => by },
  {
    key: 'what',
    head: 'What',
    cell: ({ action, target, outcome }) => (
      <>
        {action.replace('.', ': ')} {target === null ? null : <span className="mono">{target}</span>}{' '}
        {outcome === 'failed' ? <State mark="bad">failed</State> : null}
      </>
    ),
  },
  { key: 'seq', head: 'Entry', isNumber: true, cell: ({ seq }) => seq },
];
