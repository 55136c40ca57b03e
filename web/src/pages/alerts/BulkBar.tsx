import { Button } from '../../parts/Button.tsx';
import { count } from '../../words.ts';

interface BulkBarProps {
  readonly count: number;
  readonly whyNot: string | null;
  readonly onAcknowledge: () => void;
  readonly onResolve: () => void;
  readonly onAssign: () => void;
  readonly onClear: () => void;
}

/** What can be done with all that are selected. */
export function BulkBar({ count: selected, whyNot, onAcknowledge, onResolve, onAssign, onClear }: BulkBarProps) {
  return (
    <section className="bulk" aria-label="Selected alerts">
      <b>{count(selected)} selected</b>
      <Button look="main" whyNot={whyNot} onClick={onAcknowledge} hint="A">
        Acknowledge
      </Button>
      <Button whyNot={whyNot} onClick={onResolve} hint="R">
        Resolve
      </Button>
      <Button whyNot={whyNot} onClick={onAssign} hint="U">
        Assign to me
      </Button>
      <Button look="quiet" onClick={onClear}>
        Clear
      </Button>
    </section>
  );
}
