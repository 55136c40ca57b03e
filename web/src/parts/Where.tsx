import { Link } from '@tanstack/react-router';
import './where.css';

/** Above the title of one thing: the list that it is of. */
export function Where({ to, list, name }: { readonly to: string; readonly list: string; readonly name: string }) {
  return (
    <nav aria-label="You are here">
      <ol className="where">
        <li>
          <Link to={to}>{list}</Link>
        </li>
        <li className="mono">{name}</li>
      </ol>
    </nav>
  );
}
