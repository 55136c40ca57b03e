import {
  type ExceptionBody,
  type ExceptionItem,
  exceptionItem,
  exceptionsList,
  type SilenceBody,
  type SilenceItem,
  silenceItem,
  silencesList,
  type TuningPreview,
  tuningPreview,
} from '../api/contract.ts';
import { type Answered, ask, type Remote } from './remote.ts';

/* What the command line asks of a service about exceptions and silences. All throw UserError CW-8020 to CW-8026. */

export type { ExceptionBody, ExceptionItem, SilenceBody, SilenceItem, TuningPreview };

export function listExceptions(
  remote: Remote,
  signal: AbortSignal,
): Promise<Answered<{ readonly items: readonly ExceptionItem[] }>> {
  return ask(remote, { path: '/exceptions', answer: exceptionsList }, signal);
}

export function addException(
  remote: Remote,
  body: ExceptionBody & { readonly name: string },
  signal: AbortSignal,
): Promise<Answered<ExceptionItem>> {
  return ask(remote, { method: 'POST', path: '/exceptions', body, answer: exceptionItem }, signal);
}

export function listSilences(
  remote: Remote,
  signal: AbortSignal,
): Promise<Answered<{ readonly items: readonly SilenceItem[] }>> {
  return ask(remote, { path: '/silences', answer: silencesList }, signal);
}

export function addSilence(
  remote: Remote,
  body: SilenceBody & { readonly name: string },
  signal: AbortSignal,
): Promise<Answered<SilenceItem>> {
  return ask(remote, { method: 'POST', path: '/silences', body, answer: silenceItem }, signal);
}

/** Which stored alerts it would keep back. */
export function previewTuning(
  remote: Remote,
  what: 'exceptions' | 'silences',
  body: ExceptionBody | SilenceBody,
  signal: AbortSignal,
): Promise<Answered<TuningPreview>> {
  return ask(remote, { method: 'POST', path: `/${what}/preview`, body, answer: tuningPreview }, signal);
}

export function endTuning(
  remote: Remote,
  what: 'exceptions' | 'silences',
  name: string,
  signal: AbortSignal,
): Promise<Answered<ExceptionItem | SilenceItem>> {
  const answer = what === 'exceptions' ? exceptionItem : silenceItem;
  return ask<ExceptionItem | SilenceItem>(
    remote,
    { method: 'DELETE', path: `/${what}/${encodeURIComponent(name)}`, answer },
    signal,
  );
}
