import { IconPlus, IconX } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { z } from 'zod';
import { remember, remembered } from '../../remember.ts';
import { useUser } from '../../session.ts';
import type { Search } from '../page.ts';
import { chipsOf, isSameView, viewsOf } from './filter.ts';

const savedViews = z.array(z.object({ name: z.string(), search: z.record(z.string(), z.string()) }));

/** Filters with a name: five that everybody has, and those that somebody saved in this browser. */
export function Views({ search }: { readonly search: Search }) {
  const user = useUser()?.name ?? '';
  const [saved, save] = useState(() => readSaved());
  const [isNaming, name] = useState(false);
  const views = viewsOf(user, saved);
  const isNew = chipsOf(search).length > 0 && !views.some((view) => isSameView(view.search, search));
  const keep = (next: z.infer<typeof savedViews>): void => {
    save(next);
    remember('views', JSON.stringify(next));
  };
  return (
    <nav className="tabs" aria-label="Views">
      {views.map((view) => (
        <span className="view" key={view.name} aria-current={isSameView(view.search, search) || undefined}>
          <Link to="/alerts" search={{ ...view.search, group: search['group'] }} activeProps={{}}>
            {view.name}
          </Link>
          {view.isSaved ? (
            <button
              type="button"
              aria-label={`Forget the view ${view.name}`}
              onClick={() => keep(saved.filter(({ name: one }) => one !== view.name))}
            >
              <IconX size={13} stroke={1.6} />
            </button>
          ) : null}
        </span>
      ))}
      {isNew && !isNaming ? (
        <button type="button" onClick={() => name(true)}>
          <IconPlus size={15} stroke={1.6} aria-hidden="true" /> Save this view
        </button>
      ) : null}
      {isNaming ? (
        <form
          className="row"
          onSubmit={(event) => {
            event.preventDefault();
            const title = String(new FormData(event.currentTarget).get('name')).trim();
            if (title !== '')
              keep([...saved.filter((one) => one.name !== title), { name: title, search: texts(search) }]);
            name(false);
          }}
        >
          {/* biome-ignore lint/a11y/noAutofocus: it was just asked for */}
          <input
            className="in in-s"
            name="name"
            aria-label="Name of the view"
            placeholder="Name"
            maxLength={40}
            autoFocus
          />
          <button type="submit" className="btn btn-s">
            Save
          </button>
        </form>
      ) : null}
    </nav>
  );
}

function texts(search: Search): Record<string, string> {
  return Object.fromEntries(
    Object.entries(search).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function readSaved(): z.infer<typeof savedViews> {
  try {
    return savedViews.parse(JSON.parse(remembered('views') ?? '[]'));
  } catch {
    return [];
  }
}
