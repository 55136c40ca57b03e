import { IconMenu2 } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useCounts } from './counts.ts';
import { useNav } from './nav.ts';

/** The pages on a phone: four that are needed at night, and More. */
export function TabBar() {
  const { alerts } = useCounts();
  const tabs = useNav()
    .flatMap(({ items }) => items)
    .filter(({ isTab }) => isTab);
  return (
    <nav className="tabbar" aria-label="Pages">
      {tabs.map(({ path, word, icon: Icon }) => (
        <Link key={path} to={path} activeOptions={{ exact: path === '/' }}>
          <Icon size={21} stroke={1.6} aria-hidden="true" />
          <span>{word}</span>
          {path === '/alerts' && alerts > 0 ? (
            <span className="n">
              {alerts > 99 ? '99+' : alerts}
              <span className="sr"> open</span>
            </span>
          ) : null}
        </Link>
      ))}
      <Link to="/more">
        <IconMenu2 size={21} stroke={1.6} aria-hidden="true" />
        <span>More</span>
      </Link>
    </nav>
  );
}
