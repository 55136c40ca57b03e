import { useState } from 'react';
import type { AlertItem } from '../../../../src/api/contract.ts';
import { Button } from '../../parts/Button.tsx';
import { Panel } from '../../parts/Panel.tsx';
import type { AlertActs, VerdictWord } from './Acts.tsx';

const VERDICTS: readonly (readonly [VerdictWord, string, string])[] = [
  ['true', 'A real attack', 'Keeps the evidence; tell those whose data it is'],
  ['benign', 'True, but harmless', 'An authorised test, or expected work: an exception may fit'],
  ['false', 'The rule is wrong', 'Tells whoever keeps the rule'],
];

/** What it was: said when it is resolved, so that rules get better. */
export function Verdict({ alert, acts }: { readonly alert: AlertItem; readonly acts: AlertActs }) {
  const [chosen, choose] = useState<VerdictWord | null>(alert.verdict);
  const isDone = alert.status === 'resolved';
  const whyNot = acts.whyNot ?? (chosen === null ? 'Pick one to resolve' : null);
  return (
    <Panel title="Verdict" className="no-print">
      <fieldset className="verdict" disabled={isDone}>
        <legend className="sr">What was it?</legend>
        {VERDICTS.map(([word, title, about]) => (
          <label key={word}>
            <input
              type="radio"
              className="check"
              name="verdict"
              checked={chosen === word}
              onChange={() => choose(word)}
            />
            <span>
              {title}
              <small>{about}</small>
            </span>
          </label>
        ))}
      </fieldset>
      {isDone ? (
        <p className="small muted verdict-done">
          {alert.verdict === null ? 'Resolved without a verdict.' : 'Resolved.'}
        </p>
      ) : (
        <Button className="verdict-do" whyNot={whyNot} onClick={() => acts.resolve(chosen)}>
          {chosen === null ? 'Pick one to resolve' : 'Resolve with this verdict'}
        </Button>
      )}
    </Panel>
  );
}
