import { useState } from 'react';
import { now } from '../../clock.ts';
import { remember, remembered } from '../../remember.ts';
import { useUser } from '../../session.ts';

/** Another look within this time is the same one. Milliseconds. */
const SAME = 30 * 60_000;

/** When this person last looked at the overview, in this browser; null: never. */
export function useLastLook(): number | null {
  const name = useUser()?.name ?? '';
  const [before] = useState(() => {
    const [last, one] = (remembered(`look.${name}`) ?? '').split(' ').map(Number);
    const isSame = last !== undefined && now() - last < SAME;
    const shown = isSame ? one : last;
    remember(`look.${name}`, `${now()} ${shown ?? ''}`.trim());
    return shown === undefined || !Number.isFinite(shown) || shown === 0 ? null : shown;
  });
  return before;
}
