import { Link } from '@tanstack/react-router';
import { useNow } from '../clock.ts';
import { LevelMark } from '../parts/Level.tsx';
import { useUser } from '../session.ts';
import { zoneName } from '../times.ts';
import { Brand } from './Brand.tsx';
import { type Counts, useCounts } from './counts.ts';
import { useNav } from './nav.ts';

/** The pages, beside every page; icons only where it is narrow. */
export function Rail() {
  const counts = useCounts();
  const user = useUser();
  const now = useNow();
  return (
    <aside className="rail">
      <Brand />
      <nav aria-label="Pages">
        {useNav().map(({ title, items }) => (
          <div key={title ?? ''}>
            {title === null ? null : <h2>{title}</h2>}
            {items.map(({ path, word, icon: Icon }) => (
              <Link key={path} to={path} className="nav" activeOptions={{ exact: path === '/' }}>
                <Icon size={18} stroke={1.6} aria-hidden="true" />
                <span>{word}</span>
                <NavCount path={path} counts={counts} />
              </Link>
            ))}
          </div>
        ))}
      </nav>
      <p className="foot">
        {user?.name}
        <br />
        Times in {zoneName(now)}
      </p>
    </aside>
  );
}

function NavCount({ path, counts }: { readonly path: string; readonly counts: Counts }) {
  if (path === '/alerts' && counts.alerts > 0)
    return (
      <span className={counts.worst === null ? 'n' : `n n-${counts.worst}`}>
        {counts.worst === null ? null : <LevelMark level={counts.worst} />}
        {counts.alerts}
        <span className="sr"> open</span>
      </span>
    );
  if (path === '/receivers' && counts.failing > 0) return <span className="n n-high">{counts.failing} failing</span>;
  return null;
}
