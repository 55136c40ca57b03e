import { type ReactNode, useId } from 'react';

interface FieldProps {
  readonly label: string;
  readonly hint?: ReactNode;
  /** What is wrong with it. */
  readonly error?: string | null;
  /** Gets the id and what names its hint and error. */
  readonly children: (props: {
    readonly id: string;
    readonly 'aria-describedby': string | undefined;
    readonly 'aria-invalid': true | undefined;
    readonly className: string;
  }) => ReactNode;
}

/** A label, what is filled in, a hint and an error, tied together for those who hear it. */
export function Field({ label, hint, error = null, children }: FieldProps) {
  const id = useId();
  const about = hint === undefined && error === null ? undefined : `${id}-about`;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        'aria-describedby': about,
        'aria-invalid': error === null ? undefined : true,
        className: 'in',
      })}
      {about === undefined ? null : (
        <span className={error === null ? 'hint' : 'err'} id={about}>
          {error ?? hint}
        </span>
      )}
    </div>
  );
}
