import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import {
  type AlertItem,
  type ExceptionBody,
  exceptionItem,
  type TuningPreview,
  tuningPreview,
} from '../../../../src/api/contract.ts';
import { accountName, actorNames } from '../../alerts.ts';
import { type ApiError, errorOf, send } from '../../api.ts';
import { now } from '../../clock.ts';
import { Button } from '../../parts/Button.tsx';
import { Drawer } from '../../parts/Drawer.tsx';
import { Field } from '../../parts/Field.tsx';
import { Level } from '../../parts/Level.tsx';
import { Note } from '../../parts/Note.tsx';
import { Failed, Loading } from '../../parts/States.tsx';
import { Time } from '../../parts/Time.tsx';
import { queries } from '../../queries.ts';
import { useUser, useWhyNot } from '../../session.ts';
import { told } from '../../told.ts';
import { many, nameOf, some } from '../../words.ts';

const DAY = 86_400_000;
const MOST_DAYS = 90;

interface Condition {
  readonly key: 'rule' | 'account' | 'actor' | 'address';
  readonly value: string | readonly string[];
  /** It cannot be left out: an exception for all rules would hide what nobody thought of. */
  readonly isAlways: boolean;
}

/** Alerts like this one are no longer told, until a day: what that hides is shown before it is made. */
export function ExceptionDrawer({ alert, onClose }: { readonly alert: AlertItem; readonly onClose: () => void }) {
  const conditions = useMemo(() => conditionsOf(alert), [alert]);
  const [chosen, choose] = useState<ReadonlySet<string>>(() => new Set(conditions.map(({ key }) => key)));
  const user = useUser();
  const [owner, setOwner] = useState(user?.name ?? '');
  const [reason, setReason] = useState('');
  const [expires, setExpires] = useState(() => new Date(now() + 30 * DAY).toISOString().slice(0, 10));
  const [error, fail] = useState<ApiError | null>(null);
  const match = useMemo(() => matchOf(conditions, chosen), [conditions, chosen]);
  const preview = usePreview(match);
  const mayNot = useWhyNot('act');
  const missing = reason.trim() === '' ? 'Say why it is harmless' : owner.trim() === '' ? 'Say whose it is' : null;

  const make = async (): Promise<void> => {
    try {
      const name = `${alert.rule}-${alert.id.slice(0, 8)}`.replaceAll(/[^\w.-]/g, '-').slice(0, 63);
      const body = { name, match, owner: owner.trim(), reason: reason.trim(), expires };
      await send('POST', '/api/v1/exceptions', body, exceptionItem);
      told(`The exception ${name} is in force`);
      void queries.invalidateQueries({ predicate: ({ queryKey }) => /alerts|exceptions/.test(String(queryKey[0])) });
      onClose();
    } catch (thrown) {
      fail(errorOf(thrown));
    }
  };

  return (
    <Drawer
      isOpen
      onClose={onClose}
      title="Make an exception from this alert"
      about="Alerts that match are still stored, but nobody is told. It ends by itself."
      foot={
        <>
          <Button look="main" whyNot={mayNot ?? missing} onClick={() => void make()}>
            Make the exception
          </Button>
          <Button look="quiet" onClick={onClose}>
            Cancel
          </Button>
        </>
      }
    >
      <fieldset className="field">
        <legend>Hide alerts where all of this is true</legend>
        <div className="conds">
          {conditions.map((condition) => (
            <label className="cond" key={condition.key}>
              <input
                type="checkbox"
                className="check"
                checked={chosen.has(condition.key)}
                disabled={condition.isAlways}
                onChange={() => choose((before) => toggled(before, condition.key))}
              />
              <span>
                {condition.key} is <code>{saidOf(condition, alert)}</code>
              </span>
              <span className="hides">{condition.isAlways ? 'always' : null}</span>
            </label>
          ))}
        </div>
      </fieldset>
      {alert.verdict === null && (alert.level === 'critical' || alert.level === 'high') ? (
        <Note tone="bad">
          <b>This would hide {alert.level === 'critical' ? 'a critical' : 'a high'} alert nobody has judged yet.</b>{' '}
          Keep all that is ticked, if you only mean what happened here.
        </Note>
      ) : null}
      <Preview preview={preview.data} error={preview.error} />
      <div className="two-fields">
        <Field label="Owner">
          {(props) => (
            <input {...props} value={owner} maxLength={200} onChange={(event) => setOwner(event.target.value)} />
          )}
        </Field>
        <Field label="Ends on" hint={`At most ${MOST_DAYS} days from now`}>
          {(props) => (
            <input
              {...props}
              type="date"
              value={expires}
              min={new Date(now() + DAY).toISOString().slice(0, 10)}
              max={new Date(now() + MOST_DAYS * DAY).toISOString().slice(0, 10)}
              onChange={(event) => setExpires(event.target.value)}
            />
          )}
        </Field>
      </div>
      <Field label="Why is this harmless?" hint="Whoever reads it in half a year must understand it">
        {(props) => (
          <textarea
            {...props}
            rows={3}
            maxLength={1000}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
      </Field>
      {error === null ? null : <Failed error={error} what="The exception" />}
    </Drawer>
  );
}

function usePreview(match: ExceptionBody['match']) {
  return useQuery<TuningPreview, ApiError>({
    queryKey: ['/api/v1/exceptions/preview', match],
    queryFn: () => {
      const spec = {
        match,
        owner: 'preview',
        reason: 'preview',
        expires: new Date(now() + DAY).toISOString().slice(0, 10),
      };
      return send('POST', '/api/v1/exceptions/preview', spec, tuningPreview);
    },
    placeholderData: keepPreviousData,
  });
}

function Preview({ preview, error }: { readonly preview: TuningPreview | undefined; readonly error: ApiError | null }) {
  if (error !== null) return <Failed error={error} what="The preview" />;
  if (preview === undefined) return <Loading rows={2} what="Looking at the stored alerts" />;
  const { asked, count, open, alerts, warnings } = preview;
  return (
    <section className="panel preview" aria-label="Preview">
      <header>
        <h3>Preview: all stored alerts</h3>
        <span className="end">
          {count} of {asked} would be hidden
        </span>
      </header>
      {warnings.map((warning) => (
        <Note tone="warn" key={warning}>
          {warning}
        </Note>
      ))}
      <ul>
        {alerts.slice(0, 5).map(({ id, level, rule, account, firstSeen }) => (
          <li key={id}>
            <Level level={level} isPlain />
            <span className="grow">
              {rule}
              {account === null ? '' : `, ${nameOf(account)}`}
            </span>
            <Time at={firstSeen} />
          </li>
        ))}
        {count > 5 ? <li className="muted">and {many(count - 5, 'more')}</li> : null}
        {count > 0 ? <li className="muted">{many(open, 'of them is', 'of them are')} open now</li> : null}
      </ul>
    </section>
  );
}

function conditionsOf(alert: AlertItem): readonly Condition[] {
  const actors = alert.actors.flatMap(({ name, id }) => name ?? id ?? []);
  const one = (values: readonly string[]): string | readonly string[] => (values.length === 1 ? values[0]! : values);
  return [
    { key: 'rule', value: alert.rule, isAlways: true },
    ...(alert.account === null ? [] : [{ key: 'account' as const, value: alert.account, isAlways: false }]),
    ...(actors.length === 0 ? [] : [{ key: 'actor' as const, value: one([...new Set(actors)]), isAlways: false }]),
    ...(alert.sourceIps.length === 0
      ? []
      : [{ key: 'address' as const, value: one(alert.sourceIps), isAlways: false }]),
  ];
}

function matchOf(conditions: readonly Condition[], chosen: ReadonlySet<string>): ExceptionBody['match'] {
  return Object.fromEntries(conditions.filter(({ key }) => chosen.has(key)).map(({ key, value }) => [key, value]));
}

function saidOf({ key, value }: Condition, alert: AlertItem): string {
  if (key === 'account') return accountName(alert) ?? '';
  if (key === 'actor') return some(actorNames(alert), 3);
  return typeof value === 'string' ? value : some(value, 3);
}

function toggled(set: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const changed = new Set(set);
  if (!changed.delete(key)) changed.add(key);
  return changed;
}
