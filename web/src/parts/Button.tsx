import { Link } from '@tanstack/react-router';
import type { ComponentProps, ReactNode } from 'react';

type Look = 'main' | 'plain' | 'quiet';

interface ButtonProps extends Omit<ComponentProps<'button'>, 'type' | 'disabled'> {
  /** `main`: what a tired person should do now; one a page at most. */
  readonly look?: Look;
  readonly isSmall?: boolean;
  /** Why it cannot be pressed. It stays reachable by keyboard, and says so. */
  readonly whyNot?: string | null;
  readonly isBusy?: boolean;
  readonly type?: 'button' | 'submit';
  /** The key that does the same. */
  readonly hint?: string;
}

export function Button({
  look = 'plain',
  isSmall = false,
  whyNot = null,
  isBusy = false,
  type = 'button',
  hint,
  className = '',
  onClick,
  children,
  ...rest
}: ButtonProps) {
  const isOff = whyNot !== null || isBusy;
  return (
    <button
      {...rest}
      type={type}
      className={`${classOf(look, isSmall)} ${className}`}
      aria-disabled={isOff || undefined}
      {...(whyNot === null ? {} : { 'data-tip': whyNot })}
      onClick={isOff ? (event) => event.preventDefault() : onClick}
    >
      {children}
      {hint === undefined ? null : <kbd>{hint}</kbd>}
      {whyNot === null ? null : <span className="sr">. {whyNot}</span>}
    </button>
  );
}

function classOf(look: Look, isSmall: boolean): string {
  return `btn${look === 'plain' ? '' : ` btn-${look}`}${isSmall ? ' btn-s' : ''}`;
}

interface ButtonLinkProps {
  readonly to: string;
  readonly search?: Readonly<Record<string, string>>;
  readonly look?: Look;
  readonly isSmall?: boolean;
  readonly children: ReactNode;
}

export function ButtonLink({ to, search, look = 'plain', isSmall = false, children }: ButtonLinkProps) {
  return (
    <Link to={to} search={search ?? {}} className={classOf(look, isSmall)}>
      {children}
    </Link>
  );
}

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'type' | 'aria-label'> {
  readonly label: string;
}

export function IconButton({ label, className = '', children, ...rest }: IconButtonProps) {
  return (
    <button {...rest} type="button" className={`icon ${className}`} aria-label={label} data-tip={label}>
      {children}
    </button>
  );
}
