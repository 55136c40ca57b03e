import { Popover } from '@mantine/core';
import '@mantine/core/styles/Popover.css';
import { IconPlus } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Button } from '../../parts/Button.tsx';
import { Chips } from '../../parts/Chips.tsx';
import { Field } from '../../parts/Field.tsx';
import { LEVEL_WORD, LEVELS } from '../../parts/Level.tsx';
import { useAccounts, useRules } from '../../queries.ts';
import type { Search } from '../page.ts';
import { chipsOf, TIMES } from './filter.ts';

interface FilterBarProps {
  readonly search: Search;
  readonly change: (change: Search, isNewEntry?: boolean) => void;
  readonly isOpen: boolean;
  readonly onOpen: (isOpen: boolean) => void;
  readonly children: ReactNode;
}

/** The filters as chips, and one place to add any. */
export function FilterBar({ search, change, isOpen, onOpen, children }: FilterBarProps) {
  const chips = chipsOf(search).map(({ name, word, value }) => ({
    name: word,
    value,
    remove: () => change({ [name]: undefined }, true),
  }));
  return (
    <Chips items={chips}>
      <Popover opened={isOpen} onChange={onOpen} position="bottom-start" width={360} trapFocus returnFocus shadow="md">
        <Popover.Target>
          <button type="button" className="chip chip-add" onClick={() => onOpen(!isOpen)} aria-expanded={isOpen}>
            <IconPlus size={15} stroke={1.6} aria-hidden="true" /> Filter <kbd>/</kbd>
          </button>
        </Popover.Target>
        <Popover.Dropdown aria-label="Filter">
          <FilterForm search={search} change={change} onDone={() => onOpen(false)} />
        </Popover.Dropdown>
      </Popover>
      {children}
    </Chips>
  );
}

interface FilterFormProps extends Pick<FilterBarProps, 'search' | 'change'> {
  readonly onDone: () => void;
}

function FilterForm({ search, change, onDone }: FilterFormProps) {
  const { data: accounts } = useAccounts();
  const { data: rules } = useRules();
  const text = (name: string, label: string, placeholder: string) => (
    <Field label={label}>
      {(props) => <input {...props} name={name} defaultValue={search[name] ?? ''} placeholder={placeholder} />}
    </Field>
  );
  return (
    <form
      className="filter-form"
      onSubmit={(event) => {
        event.preventDefault();
        change(searchIn(new FormData(event.currentTarget)), true);
        onDone();
      }}
    >
      {text('q', 'Says', 'a word of the sentence')}
      <fieldset className="field">
        <legend>Level</legend>
        <div className="row-wrap">
          {LEVELS.map((level) => (
            <label className="tick" key={level}>
              <input
                type="checkbox"
                className="check"
                name="level"
                value={level}
                defaultChecked={search['level']?.split(',').includes(level)}
              />
              {LEVEL_WORD[level]}
            </label>
          ))}
        </div>
      </fieldset>
      <div className="filter-two">
        <Field label="Status">
          {(props) => (
            <select {...props} name="status" defaultValue={search['status'] ?? ''}>
              <option value="">open, acknowledged</option>
              <option value="open">open</option>
              <option value="acknowledged">acknowledged</option>
              <option value="resolved">resolved</option>
              <option value="any">any</option>
            </select>
          )}
        </Field>
        <Field label="Time">
          {(props) => (
            <select {...props} name="last" defaultValue={search['last'] ?? ''}>
              <option value="">any</option>
              {TIMES.map(([value, word]) => (
                <option key={value} value={value}>
                  {word}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label="Account">
          {(props) => (
            <select {...props} name="account" defaultValue={search['account'] ?? ''}>
              <option value="">any</option>
              {accounts?.items.map(({ id, name }) => (
                <option key={id} value={name}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label="Rule">
          {(props) => (
            <select {...props} name="rule" defaultValue={search['rule'] ?? ''}>
              <option value="">any</option>
              {rules?.items.map(({ id, name, title }) => (
                <option key={id} value={name}>
                  {title}
                </option>
              ))}
            </select>
          )}
        </Field>
        {text('actor', 'Actor', 'name or id')}
        {text('ip', 'Address', '192.0.2.10')}
      </div>
      <div className="row">
        <Button look="main" type="submit">
          Filter
        </Button>
        <Button look="quiet" onClick={onDone}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

const FIELDS = ['q', 'status', 'last', 'account', 'rule', 'actor', 'ip'] as const;

function searchIn(form: FormData): Search {
  const texts = FIELDS.map((name) => [name, String(form.get(name) ?? '').trim() || undefined] as const);
  return { ...Object.fromEntries(texts), level: form.getAll('level').join(',') || undefined };
}
