import { useState } from 'react';
import { type RuleDetail, type RuleTestAnswer, ruleTestAnswer } from '../../../../src/api/contract.ts';
import { send } from '../../api.ts';
import { Button } from '../../parts/Button.tsx';
import { Note } from '../../parts/Note.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { State } from '../../parts/State.tsx';
import { Empty } from '../../parts/States.tsx';
import { useWhyNot } from '../../session.ts';
import { failed } from '../../told.ts';
import { many } from '../../words.ts';

interface CasesProps {
  readonly rule: RuleDetail;
  readonly text: string;
  readonly errors: number;
}

/** The timeline beside the rule, run with the text of the page. */
export function Cases({ rule, text, errors }: CasesProps) {
  const [answer, become] = useState<RuleTestAnswer | null>(null);
  const [isBusy, run] = useState(false);
  const denied = useWhyNot('act');
  const whyNot = denied ?? (errors > 0 ? 'The text has mistakes: see the lines below it' : null);
  const test = (): void => {
    run(true);
    send('POST', '/api/v1/rules/test', { rule: rule.name, text }, ruleTestAnswer)
      .then(become, (error: unknown) => failed('The tests could not be run', error))
      .finally(() => run(false));
  };
  const passed = answer?.cases.filter((one) => one.passed).length ?? 0;
  return (
    <Panel
      title="Timeline tests"
      about={answer === null ? many(rule.cases ?? 0, 'case') : `${passed} of ${answer.cases.length} pass`}
      end={
        rule.timeline === null ? null : (
          <Button isSmall whyNot={whyNot} isBusy={isBusy} onClick={test}>
            {isBusy ? 'Running' : answer === null ? 'Run the tests' : 'Run again'}
          </Button>
        )
      }
      isFlush
    >
      {rule.timeline === null ? (
        <Empty kind="search" title="This rule has no timeline">
          Write one beside it: {rule.name}.test.yml. A rule without a test is a guess.
        </Empty>
      ) : answer === null ? (
        <p className="small muted rule-fine">
          <span className="mono">{rule.timeline.file}</span> stands beside the rule. Run it to see whether the text
          still does what it is for.
        </p>
      ) : (
        <Results answer={answer} />
      )}
    </Panel>
  );
}

function Results({ answer }: { readonly answer: RuleTestAnswer }) {
  if (answer.mistakes.length > 0)
    return (
      <Note tone="bad">
        <b>Nothing could be run.</b> {answer.mistakes.join('. ')}
      </Note>
    );
  const sorted = [...answer.cases].sort((a, b) => Number(a.passed) - Number(b.passed));
  return (
    <ul className="rule-cases" aria-label="Cases">
      {sorted.map(({ name, line, passed, expected, differences }) => (
        <li key={`${line} ${name}`}>
          <State mark={passed ? 'ok' : 'bad'}>{passed ? 'Passes' : 'Fails'}</State>
          <span>
            <b>{name}</b>
            <small>
              {passed
                ? expected === 0
                  ? 'no alert, as expected'
                  : `${many(expected, 'alert')}, as expected`
                : differences.join('. ')}
            </small>
          </span>
        </li>
      ))}
    </ul>
  );
}
