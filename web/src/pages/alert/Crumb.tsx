import { IconArrowLeft, IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { neighbours } from './order.ts';

export function Crumb({ id }: { readonly id: string }) {
  const { newer, older } = neighbours(id);
  return (
    <nav className="crumb no-print" aria-label="You are here">
      <Link to="/alerts">
        <IconArrowLeft size={15} stroke={1.6} aria-hidden="true" className="only-narrow" />
        Alerts
      </Link>
      <IconChevronRight size={14} stroke={1.6} aria-hidden="true" className="hide-phone" />
      <span className="mono hide-phone">{id.slice(0, 16)}</span>
      <span className="grow" />
      {newer === null ? null : (
        <Link to={`/alerts/${newer}`}>
          <IconChevronLeft size={15} stroke={1.6} aria-hidden="true" /> Before
        </Link>
      )}
      {older === null ? null : (
        <Link to={`/alerts/${older}`}>
          Next <IconChevronRight size={15} stroke={1.6} aria-hidden="true" />
        </Link>
      )}
    </nav>
  );
}
