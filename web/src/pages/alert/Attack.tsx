import { IconInfoCircle } from '@tabler/icons-react';
import type { AlertItem } from '../../../../src/api/contract.ts';
import { Panel } from '../../parts/Panel.tsx';
import { TACTICS, TECHNIQUES } from './attackNames.ts';

type Technique = AlertItem['attack'][number];

/** MITRE ATT&CK as it is now, and what the vendor published where that differs. */
export function Attack({ alert }: { readonly alert: AlertItem }) {
  if (alert.attack.length === 0 && alert.published.length === 0) return null;
  const isSame = keysOf(alert.attack) === keysOf(alert.published);
  return (
    <Panel title="ATT&CK" folds>
      <ul className="att">
        {alert.attack.map((one) => (
          <li key={`${one.tactic} ${one.technique}`}>
            <span className="mono">{one.technique}</span>
            <span>
              {TECHNIQUES[one.technique] ?? 'Technique'}
              <small>{TACTICS[one.tactic] ?? one.tactic}</small>
            </span>
          </li>
        ))}
      </ul>
      {isSame || alert.published.length === 0 ? null : (
        <div className="note">
          <IconInfoCircle size={18} stroke={1.6} aria-hidden="true" />
          <p>
            <b>As published by the vendor:</b>{' '}
            {alert.published.map(({ technique, tactic }) => `${technique} (${TACTICS[tactic] ?? tactic})`).join(', ')}.
          </p>
        </div>
      )}
    </Panel>
  );
}

function keysOf(techniques: readonly Technique[]): string {
  return techniques
    .map(({ tactic, technique }) => `${tactic} ${technique}`)
    .sort()
    .join();
}
