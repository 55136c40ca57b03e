import { isAccountSeen } from '../../api/item.ts';
import type { FiguresPort } from '../../api/ports.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Db } from '../../store/db.ts';
import { figurePoints, rateAround } from '../../store/figureQueries.ts';

/** Key figures as the store has them; an account outside the scope is none. */
export function figuresPort(db: Db, clock: Clock): FiguresPort {
  return {
    async points(account, range, { operation, container, client }, scope) {
      if (!isAccountSeen(account, scope)) return null;
      return figurePoints(db, account, range, {
        ...(operation === null ? {} : { operation }),
        ...(container === null ? {} : { container }),
        ...(client === null ? {} : { client }),
      });
    },
    rate: async (account, at) => rateAround(db, account, at, Math.floor(clock.now() / 1000)),
  };
}
