import { type ReactNode, useEffect } from 'react';

interface PageHeaderProps {
  readonly title: string;
  /** The sentence below it. */
  readonly children?: ReactNode;
  readonly end?: ReactNode;
}

export function PageHeader({ title, children, end }: PageHeaderProps) {
  useTitle(title);
  return (
    <div className="page-head">
      <div>
        <h1>{title}</h1>
        {children === undefined ? null : <p>{children}</p>}
      </div>
      {end === undefined ? null : <div className="row-wrap">{end}</div>}
    </div>
  );
}

/** What stands on the tab of the browser. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title === 'cosmowatch' ? title : `${title} · cosmowatch`;
  }, [title]);
}
