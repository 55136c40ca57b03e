import { Link } from '@tanstack/react-router';

export function Brand() {
  return (
    <Link to="/" className="brand" aria-label="cosmowatch, to the overview">
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <circle cx="12" cy="12" r="9" fill="none" stroke="currentColor" strokeWidth="2.2" />
        <circle cx="12" cy="12" r="3" fill="currentColor" />
        <circle cx="19.2" cy="5" r="2.4" fill="currentColor" />
      </svg>
      <span>cosmowatch</span>
    </Link>
  );
}
