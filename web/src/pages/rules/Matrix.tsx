import { useMemo } from 'react';
import type { RuleItem } from '../../../../src/api/contract.ts';
import { Panel } from '../../parts/Panel.tsx';
import { count, many } from '../../words.ts';
import { TACTICS, TECHNIQUES } from '../alert/attackNames.ts';
import { sumOf } from './words.ts';

interface Cell {
  readonly technique: string;
  readonly rules: number;
  readonly active: number;
  readonly hits: number;
}

interface MatrixProps {
  readonly rules: readonly RuleItem[];
  /** Empty: none. */
  readonly picked: string;
  readonly onPick: (technique: string) => void;
}

/** What the rules watch for, by tactic and technique of ATT&CK; pressing one narrows the list. */
export function Matrix({ rules, picked, onPick }: MatrixProps) {
  const columns = useMemo(() => columnsOf(rules), [rules]);
  const techniques = new Set(columns.flatMap(({ cells }) => cells.map(({ technique }) => technique)));
  return (
    <Panel
      title="ATT&CK"
      about={`v19, by tactic; ${many(techniques.size, 'technique')} with a rule; hits of 30 days`}
      folds
    >
      <div className="matrix">
        {columns.map(({ tactic, cells }) => (
          <div className="matrix-column" key={tactic}>
            <h3>{TACTICS[tactic]?.replace(/ \(.*/, '') ?? tactic}</h3>
            {cells.map((cell) => (
              <button
                type="button"
                key={cell.technique}
                className={`matrix-cell${cell.active === 0 ? ' is-off' : ''}`}
                aria-pressed={cell.technique === picked}
                onClick={() => onPick(cell.technique === picked ? '' : cell.technique)}
              >
                <span className="mono">{cell.technique}</span>
                <b>{TECHNIQUES[cell.technique] ?? 'a technique of ATT&CK'}</b>
                <span className="matrix-end">
                  <span>{cell.active === 0 ? 'switched off' : many(cell.active, 'rule')}</span>
                  <span>
                    {cell.hits > 0 ? (
                      <i className={`matrix-heat heat-of-${heat(cell.hits)}`} aria-hidden="true" />
                    ) : null}
                    {cell.hits === 0 ? 'no hits' : `${count(cell.hits)} ${cell.hits === 1 ? 'hit' : 'hits'}`}
                  </span>
                </span>
              </button>
            ))}
          </div>
        ))}
      </div>
    </Panel>
  );
}

function heat(hits: number): number {
  return hits > 100 ? 4 : hits > 20 ? 3 : hits > 5 ? 2 : 1;
}

function columnsOf(
  rules: readonly RuleItem[],
): readonly { readonly tactic: string; readonly cells: readonly Cell[] }[] {
  const pairs = rules.flatMap((rule) => rule.attack.map(({ tactic, technique }) => ({ tactic, technique, rule })));
  return [...Map.groupBy(pairs, ({ tactic }) => tactic)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([tactic, own]) => ({
      tactic,
      cells: [...Map.groupBy(own, ({ technique }) => technique)]
        .map(([technique, some]) => ({
          technique,
          rules: some.length,
          active: some.filter(({ rule }) => rule.isActive).length,
          hits: sumOf(some.flatMap(({ rule }) => rule.hits)),
        }))
        .sort((a, b) => b.hits - a.hits || (a.technique < b.technique ? -1 : 1)),
    }));
}
