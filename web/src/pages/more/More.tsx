import { Link } from '@tanstack/react-router';
import { Button } from '../../parts/Button.tsx';
import { PageHeader } from '../../parts/PageHeader.tsx';
import { signOut, useUser } from '../../session.ts';
import { useNav } from '../../shell/nav.ts';

/** On a phone: the pages that are not in its bar. */
export function More() {
  const user = useUser();
  return (
    <>
      <PageHeader title="More">
        {user?.name}, {user?.role}
      </PageHeader>
      <nav className="panel more" aria-label="All pages">
        {useNav()
          .flatMap(({ items }) => items)
          .map(({ path, word, icon: Icon }) => (
            <Link key={path} to={path}>
              <Icon size={20} stroke={1.6} aria-hidden="true" />
              {word}
            </Link>
          ))}
      </nav>
      <div className="row-wrap">
        <Button onClick={() => void signOut(false)}>Sign out</Button>
        <Button look="quiet" onClick={() => void signOut(true)}>
          Sign out everywhere
        </Button>
      </div>
    </>
  );
}
