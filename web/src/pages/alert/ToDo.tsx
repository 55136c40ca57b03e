import type { UseQueryResult } from '@tanstack/react-query';
import { type AlertAdvice, alertAdvice } from '../../../../src/api/contract.ts';
import { type ApiError, part } from '../../api.ts';
import { CopyCommand } from '../../parts/CopyCommand.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { Of } from '../../parts/States.tsx';
import { useApi } from '../../queries.ts';

type Advice = UseQueryResult<AlertAdvice, ApiError>;

export function useAdvice(id: string): Advice {
  return useApi(`/api/v1/alerts/${part(id)}/advice`, alertAdvice);
}

/** What to do now, in order, with commands that are filled in; and why it matters. */
export function ToDo({ advice }: { readonly advice: Advice }) {
  return (
    <>
      <Panel title="What to do now" about="in this order">
        <Of answer={advice} what="What to do">
          {({ steps }) =>
            steps.length === 0 ? (
              <p className="muted">The rule names no steps.</p>
            ) : (
              <ol className="todo">
                {steps.map(({ text, command }, at) => (
                  <li key={text} className={at === 0 ? 'is-first' : undefined}>
                    <span className="nr" aria-hidden="true">
                      {at + 1}
                    </span>
                    <div>
                      <h3 data-n={at + 1}>{text}</h3>
                      {command === null ? null : <CopyCommand command={command} />}
                    </div>
                  </li>
                ))}
              </ol>
            )
          }
        </Of>
      </Panel>
      <Panel title="Why it matters">
        <Of answer={advice} what="Why it matters" rows={1}>
          {({ impact }) => <p className="measure">{impact}</p>}
        </Of>
      </Panel>
    </>
  );
}
