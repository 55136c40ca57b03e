import type { AlertItem } from '../../../../src/api/contract.ts';
import { KeyValue } from '../../parts/KeyValue.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { State } from '../../parts/State.tsx';

type Change = AlertItem['changes'][number];

const EFFECTS: Readonly<Record<string, string>> = {
  weakened: 'weaker than before',
  strengthened: 'stronger than before',
  neutral: 'neither weaker nor stronger',
  unknown_before: 'not known: nothing was known of it before',
};
const EXPOSURES: Readonly<Record<string, string>> = {
  none: 'no address',
  ranges: 'named addresses only',
  azure: 'all of Azure, other tenants too',
  internet: 'the whole internet',
};

/** Settings before and after; lists line by line. */
export function Changes({ alert }: { readonly alert: AlertItem }) {
  if (alert.changes.length === 0) return null;
  const isBack = alert.resolution === 'ended';
  return (
    <Panel title="What changed" folds>
      <div className="changes">
        {alert.changes.map((change, at) => (
          // A setting may have changed twice.
          // biome-ignore lint/suspicious/noArrayIndexKey: as above
          <div className="change" key={`${change.property} ${at}`}>
            <div>
              <p className="small muted mono">{change.property}</p>
              <Diff change={change} />
            </div>
            <KeyValue
              rows={[
                ['Effect', EFFECTS[change.effect] ?? change.effect],
                change.exposure === null ? null : ['Reachable from', EXPOSURES[change.exposure] ?? change.exposure],
                ['Still so?', isBack ? <State mark="ok">No, it was put back</State> : 'As far as the logs tell, yes'],
              ]}
            />
          </div>
        ))}
      </div>
    </Panel>
  );
}

function Diff({ change }: { readonly change: Change }) {
  const [before, after] = [linesOf(change.before), linesOf(change.after)];
  const isKept = (line: string): boolean => before.includes(line) && after.includes(line);
  return (
    <div className="diff">
      {before.map((line) => (
        <div key={`- ${line}`} className={isKept(line) ? undefined : 'd'}>
          <span>{isKept(line) ? '' : '−'}</span>
          <span>{line}</span>
        </div>
      ))}
      {after
        .filter((line) => !isKept(line))
        .map((line) => (
          <div key={`+ ${line}`} className="a">
            <span>+</span>
            <span>{line}</span>
          </div>
        ))}
    </div>
  );
}

function linesOf(value: unknown): readonly string[] {
  if (value === null || value === undefined) return ['not known'];
  if (Array.isArray(value)) return value.length === 0 ? ['empty'] : [...new Set(value.map(textOf))];
  return [textOf(value)];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
