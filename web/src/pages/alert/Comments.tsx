import { useState } from 'react';
import type { AlertItem } from '../../../../src/api/contract.ts';
import { Button } from '../../parts/Button.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { Time } from '../../parts/Time.tsx';
import type { AlertActs } from './Acts.tsx';

export function Comments({ alert, acts }: { readonly alert: AlertItem; readonly acts: AlertActs }) {
  const [text, type] = useState('');
  const send = (): void => {
    const plain = text.trim();
    if (plain !== '') void acts.comment(plain).then((isKept) => isKept && type(''));
  };
  return (
    <Panel title="Comments" about={alert.comments.length || undefined}>
      {alert.comments.map(({ at, by, text: said }) => (
        <article className="cmt" key={`${at} ${by}`}>
          <header>
            <b>{by}</b> <Time at={at} />
          </header>
          <p>{said}</p>
        </article>
      ))}
      <form
        className="no-print cmt-form"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <textarea
          className="in"
          id="comment"
          rows={2}
          maxLength={4000}
          aria-label="Write a comment"
          placeholder={acts.whyNot ?? 'Write what you saw'}
          readOnly={!acts.can}
          value={text}
          onChange={(event) => type(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send();
            if (event.key === 'Escape') event.currentTarget.blur();
          }}
        />
        {text.trim() === '' ? null : (
          <Button type="submit" isSmall whyNot={acts.whyNot}>
            Comment
          </Button>
        )}
      </form>
    </Panel>
  );
}
