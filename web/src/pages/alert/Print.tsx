import type { AlertItem } from '../../../../src/api/contract.ts';
import { useNow } from '../../clock.ts';
import { LEVEL_WORD } from '../../parts/Level.tsx';
import { inUtc, inZone, zoneName } from '../../times.ts';

/** What only stands on paper. */
export function PrintHead({ alert }: { readonly alert: AlertItem }) {
  const now = useNow();
  return (
    <div className="print-only print-head">
      <span>cosmowatch, {location.host}</span>
      <span>
        Alert {alert.id}, printed {inZone(now, 'full')} {zoneName(now)} ({inUtc(now)})
      </span>
      <b>
        {LEVEL_WORD[alert.level].toUpperCase()}. {alert.status}.
      </b>
    </div>
  );
}

export function PrintFoot() {
  return (
    <div className="print-only print-foot">
      <span>Verdict: ____________________</span>
      <span>Name, date: ______________________________</span>
    </div>
  );
}
