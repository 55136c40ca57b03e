import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useState } from 'react';

/** Texts in single quotes are what was filled in; they stand out. */
const FILLED = /('(?:[^']|'\\'')*')/;

interface CopyCommandProps {
  readonly command: string;
  /** For programs and files, which fill more than a line. */
  readonly isBlock?: boolean;
}

export function CopyCommand({ command, isBlock = false }: CopyCommandProps) {
  return (
    <div className={`cmd${isBlock ? ' cmd-block' : ''}`}>
      <pre>
        {command.split(FILLED).map((piece, at) =>
          at % 2 === 1 ? (
            // The pieces of one text never change places.
            // biome-ignore lint/suspicious/noArrayIndexKey: as above
            <span className="v" key={at}>
              {piece}
            </span>
          ) : (
            piece
          ),
        )}
      </pre>
      <CopyButton text={command} />
    </div>
  );
}

export function CopyButton({ text, label = 'Copy' }: { readonly text: string; readonly label?: string }) {
  const [state, become] = useState<'idle' | 'copied' | 'failed'>('idle');
  const copy = (): void => {
    void copyText(text).then((isCopied) => {
      become(isCopied ? 'copied' : 'failed');
      setTimeout(() => become('idle'), 2500);
    });
  };
  return (
    <button type="button" className="copy" onClick={copy}>
      {state === 'copied' ? <IconCheck size={15} stroke={1.6} /> : <IconCopy size={15} stroke={1.6} />}
      <span aria-live="polite">{state === 'idle' ? label : state === 'copied' ? 'Copied' : 'Select and copy it'}</span>
    </button>
  );
}

/** @returns whether it could; over plain http a browser allows it on this machine only */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
