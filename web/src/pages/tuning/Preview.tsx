import { Link } from '@tanstack/react-router';
import type { TuningPreview } from '../../../../src/api/contract.ts';
import { Level } from '../../parts/Level.tsx';
import { Note } from '../../parts/Note.tsx';
import { Time } from '../../parts/Time.tsx';
import { many, nameOf } from '../../words.ts';

const SHOWN = 5;

/** Which of the stored alerts it would keep back. */
export function Preview({ preview, does }: { readonly preview: TuningPreview; readonly does: 'hide' | 'keep back' }) {
  const { asked, count, open, alerts, warnings } = preview;
  return (
    <div className="col" aria-live="polite">
      <Note tone={warnings.length > 0 ? 'warn' : 'plain'}>
        It would {does} <b>{many(count, 'alert')}</b> of the {asked} that are stored; {open} of them{' '}
        {open === 1 ? 'is' : 'are'} open now. {warnings.join(' ')}
      </Note>
      {alerts.length === 0 ? null : (
        <ul className="tuning-list" aria-label="Alerts that it covers">
          {alerts.slice(0, SHOWN).map(({ id, rule, level, account, firstSeen }) => (
            <li key={id}>
              <Level level={level} isPlain />
              <Link to={`/alerts/${id}`}>
                {rule}, {account === null ? 'no account' : nameOf(account)}
              </Link>
              <Time at={firstSeen} />
            </li>
          ))}
          {count > SHOWN ? <li className="muted">and {count - SHOWN} more</li> : null}
        </ul>
      )}
    </div>
  );
}
