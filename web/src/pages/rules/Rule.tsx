import { Link, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useDeferredValue, useEffect, useMemo, useState } from 'react';
import { type LintAnswer, lintAnswer, type RuleDetail, ruleDetail } from '../../../../src/api/contract.ts';
import { part, send } from '../../api.ts';
import { Button, ButtonLink } from '../../parts/Button.tsx';
import { CopyButton } from '../../parts/CopyCommand.tsx';
import { DataTable } from '../../parts/DataTable.tsx';
import { KeyValue } from '../../parts/KeyValue.tsx';
import { Level } from '../../parts/Level.tsx';
import { useTitle } from '../../parts/PageHeader.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { Segments } from '../../parts/Segments.tsx';
import { State } from '../../parts/State.tsx';
import { Empty, Failed, Loading } from '../../parts/States.tsx';
import { Where } from '../../parts/Where.tsx';
import { useApi } from '../../queries.ts';
import { many, nameOf } from '../../words.ts';
import { useSearchTexts } from '../search.ts';
import { Backtest } from './Backtest.tsx';
import { Cases } from './Cases.tsx';
import { completions } from './completions.ts';
import { sumOf } from './words.ts';
import './rules.css';

const Editor = lazy(() => import('../../parts/Editor.tsx').then((m) => ({ default: m.Editor })));

/** Read, change and prove one rule. What is written here is tried, never put live: files are. */
export function Rule() {
  const { name = '' } = useParams({ strict: false }) as { readonly name?: string };
  const answer = useApi(`/api/v1/rules/${part(name)}`, ruleDetail);
  const { data, error } = answer;
  if (data !== undefined) return <Whole key={data.id} rule={data} />;
  if (error === null) return <Loading rows={6} what="Reading the rule" />;
  if (!error.isMissing) return <Failed error={error} what="The rule" retry={() => void answer.refetch()} />;
  return (
    <Empty kind="search" title={`No rule is called ${name}`} action={<ButtonLink to="/rules">All rules</ButtonLink>}>
      It was renamed, or its file is not below rules.folders.
    </Empty>
  );
}

const VIEWS = [
  ['yaml', 'YAML'],
  ['changes', 'Changes'],
  ['words', 'Plain words'],
] as const;
type View = (typeof VIEWS)[number][0];

function Whole({ rule }: { readonly rule: RuleDetail }) {
  const [text, write] = useState(rule.text);
  const lint = useLint(rule.name, text);
  const isChanged = text !== rule.text;
  const errors = lint?.diagnostics.filter(({ severity }) => severity === 'error').length ?? 0;
  useTitle(rule.title);
  return (
    <div className="rule-page">
      <Head rule={rule} isChanged={isChanged} errors={errors} onDiscard={() => write(rule.text)} />
      <div className="grid-2">
        <div className="col">
          <Source rule={rule} text={text} onChange={write} lint={lint} />
        </div>
        <div className="col">
          <Cases rule={rule} text={text} errors={errors} />
          <Parameters rule={rule} />
          <Running rule={rule} />
        </div>
      </div>
      <Backtest rule={rule} text={text} isChanged={isChanged} errors={errors} />
      <Accounts rule={rule} />
    </div>
  );
}

interface HeadProps {
  readonly rule: RuleDetail;
  readonly isChanged: boolean;
  readonly errors: number;
  readonly onDiscard: () => void;
}

function Head({ rule, isChanged, errors, onDiscard }: HeadProps) {
  const draft = errors > 0 ? `Your draft has ${many(errors, 'mistake')}.` : 'Your draft can be tried.';
  return (
    <header>
      <Where to="/rules" list="Rules" name={rule.name} />
      <div className="page-head">
        <div>
          <div className="row-wrap">
            <h1>{rule.title}</h1>
            <Level level={rule.level} isPlain />
            {isChanged ? <span className="tag">Draft</span> : null}
          </div>
          <p>
            {isChanged
              ? `${draft} It is only on this page: to put it live, save it as a file below rules.folders; the service reads it by itself.`
              : rule.description}
          </p>
        </div>
        {isChanged ? (
          <div className="row-wrap">
            <Button onClick={onDiscard}>Discard the draft</Button>
          </div>
        ) : null}
      </div>
    </header>
  );
}

interface SourceProps {
  readonly rule: RuleDetail;
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly lint: LintAnswer | null;
}

function Source({ rule, text, onChange, lint }: SourceProps) {
  const [search, change] = useSearchTexts();
  const view: View = VIEWS.find(([value]) => value === search['view'])?.[0] ?? 'yaml';
  const isNarrow = window.matchMedia('(max-width: 767px)').matches;
  return (
    <Panel
      title="Rule"
      about={<span className="mono">{nameOf(rule.file)}</span>}
      end={
        <Segments
          label="Shown as"
          options={VIEWS}
          value={view}
          onChange={(value) => change({ view: value === 'yaml' ? undefined : value })}
        />
      }
      isFlush
    >
      {view === 'words' ? (
        <Words rule={rule} />
      ) : (
        <Suspense fallback={<pre className="raw-wait">{text}</pre>}>
          <Editor
            label={`The file ${nameOf(rule.file)}`}
            text={text}
            onChange={isNarrow ? null : onChange}
            remarks={lint?.diagnostics ?? NONE}
            against={view === 'changes' ? rule.text : null}
            words={completions}
          />
        </Suspense>
      )}
      <Remarks lint={lint} />
      <div className="row-wrap rule-copy">
        <CopyButton text={text} label="Copy the file" />
      </div>
    </Panel>
  );
}

const NONE: LintAnswer['diagnostics'] = [];
const MARKS = { error: 'bad', warning: 'warn', info: 'open' } as const;

function Remarks({ lint }: { readonly lint: LintAnswer | null }) {
  if (lint === null || lint.diagnostics.length === 0)
    return (
      <p className="small muted rule-fine" role="status">
        {lint === null ? 'Reading it' : 'Nothing is wrong with it.'}
      </p>
    );
  return (
    <ul className="rule-remarks" aria-label="What is wrong with it" aria-live="polite">
      {lint.diagnostics.map(({ severity, code, line, column, message, hint }) => (
        <li key={`${line}:${column}:${code}:${message}`}>
          <State mark={MARKS[severity]}>{line === 0 ? 'The file' : `Line ${line}, column ${column}`}</State>
          <span>
            {message}
            {hint === null ? '' : `; ${hint}`}
            <small className="mono">{code}</small>
          </span>
        </li>
      ))}
    </ul>
  );
}

/** What is wrong with a text, half a second after it was last changed. Null: it is not known yet. */
function useLint(rule: string, text: string): LintAnswer | null {
  const [lint, become] = useState<LintAnswer | null>(null);
  const settled = useDeferredValue(text);
  useEffect(() => {
    let isOld = false;
    const ask = (): void => {
      send('POST', '/api/v1/rules/lint', { rule, text: settled }, lintAnswer).then(
        (answer) => {
          if (!isOld) become(answer);
        },
        // Something else is being tried, or nobody answers: it is asked again.
        () => {
          if (!isOld) timer = setTimeout(ask, 3000);
        },
      );
    };
    let timer = setTimeout(ask, 500);
    return () => {
      isOld = true;
      clearTimeout(timer);
    };
  }, [rule, settled]);
  return lint;
}

function Words({ rule }: { readonly rule: RuleDetail }) {
  return (
    <div className="body">
      <KeyValue
        rows={[
          ['It finds', rule.description],
          [
            'It asks',
            <pre key="asks" className="rule-meaning">
              {rule.meaning}
            </pre>,
          ],
          ['In the logs', rule.families.join(', ') || 'every log'],
          ['Why it matters', rule.impact.join(' ')],
          rule.falsePositives.length === 0 ? null : ['Harmless when', rule.falsePositives.join('; ')],
        ]}
      />
    </div>
  );
}

function Parameters({ rule }: { readonly rule: RuleDetail }) {
  return (
    <Panel title="Parameters">
      {rule.parameters.length === 0 ? (
        <p className="small muted">This rule has no number that could be set.</p>
      ) : (
        <>
          <KeyValue
            rows={rule.parameters.map(({ name, value, default: usual, description }) => [
              name,
              <span key={name}>
                <b>{value}</b>
                {value === usual ? '' : `, otherwise ${usual}`}
                <br />
                <span className="small muted">{description}</span>
              </span>,
            ])}
          />
          <p className="small muted rule-note">
            Set in the configuration:{' '}
            <code>
              rules.parameters: {'{'} {rule.name}.{rule.parameters[0]!.name}: 5 {'}'}
            </code>
          </p>
        </>
      )}
    </Panel>
  );
}

function Running({ rule }: { readonly rule: RuleDetail }) {
  return (
    <Panel title="Running">
      {rule.isActive ? (
        <State mark="ok">On</State>
      ) : (
        <>
          <State mark="off">Off</State>
          <p className="small">“{rule.whyNot}”</p>
        </>
      )}
      <p className="small muted rule-note">
        {many(sumOf(rule.hits), 'alert')} in 30 days.{' '}
        <Link to="/alerts" search={{ rule: rule.name, status: 'any' }}>
          See them
        </Link>
        . It is switched off in the configuration, with a reason: <code>rules.disable</code>.
      </p>
    </Panel>
  );
}

function Accounts({ rule }: { readonly rule: RuleDetail }) {
  const rows = useMemo(() => [...rule.accounts].sort((a, b) => (a.state > b.state ? -1 : 1)), [rule.accounts]);
  return (
    <Panel title="Where it can fire" about={`on ${rule.canFireOn} of ${many(rows.length, 'account')}`} isFlush folds>
      {rows.length === 0 ? (
        <Empty kind="search" title="No account is known yet" />
      ) : (
        <DataTable
          label="Where it can fire"
          rows={rows}
          idOf={({ account }) => account}
          columns={[
            {
              key: 'account',
              head: 'Account',
              cell: ({ account }) => <Link to={`/accounts/${nameOf(account)}`}>{nameOf(account)}</Link>,
            },
            {
              key: 'state',
              head: 'Here',
              cell: ({ state }) => (
                <State mark={state === 'can' ? 'ok' : state === 'partly' ? 'warn' : 'off'}>{state}</State>
              ),
            },
            { key: 'why', head: 'Why', cell: ({ why }) => why },
            { key: 'cure', head: 'Cure', cell: ({ cure }) => cure },
          ]}
        />
      )}
    </Panel>
  );
}
