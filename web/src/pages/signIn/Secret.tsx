import { useState } from 'react';
import { Field } from '../../parts/Field.tsx';

interface SecretProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly autoComplete: 'current-password' | 'new-password';
  readonly hint?: string;
  readonly error?: string | null;
}

/** A password, which can be looked at: on a phone at night nobody types one blindly. */
export function Secret({ label, value, onChange, autoComplete, hint, error = null }: SecretProps) {
  const [isShown, show] = useState(false);
  return (
    <Field label={label} hint={hint} error={error}>
      {(props) => (
        <div className="secret">
          <input
            {...props}
            type={isShown ? 'text' : 'password'}
            autoComplete={autoComplete}
            value={value}
            maxLength={1000}
            required
            onChange={(event) => onChange(event.target.value)}
          />
          <button type="button" aria-pressed={isShown} onClick={() => show(!isShown)}>
            {isShown ? 'Hide' : 'Show'}
          </button>
        </div>
      )}
    </Field>
  );
}
