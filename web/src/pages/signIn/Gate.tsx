import type { ReactNode } from 'react';
import { Brand } from '../../shell/Brand.tsx';
import { ThemeButton } from '../../shell/ThemeButton.tsx';
import './gate.css';

/** Around every page of somebody who is not signed in. Nothing of an alert stands here. */
export function Gate({ foot, children }: { readonly foot: string; readonly children: ReactNode }) {
  return (
    <div className="gate">
      <svg className="orbit" viewBox="0 0 1440 900" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
        <g fill="none" stroke="currentColor">
          <circle cx="720" cy="470" r="330" />
          <circle cx="720" cy="470" r="520" />
          <circle cx="720" cy="470" r="730" />
        </g>
        <g fill="currentColor">
          <circle cx="1028" cy="351" r="6" />
          <circle cx="252" cy="246" r="4" />
          <circle cx="1340" cy="853" r="6" />
        </g>
      </svg>
      <header>
        <Brand />
        <ThemeButton />
      </header>
      <main id="main">{children}</main>
      <footer>{foot}</footer>
    </div>
  );
}
