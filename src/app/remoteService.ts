import {
  type DrillAnswer,
  done,
  drillAnswer,
  newToken,
  type Status,
  status,
  type TokenItem,
  type TokenRequest,
  tokensList,
} from '../api/contract.ts';
import { type Answered, ask, type Remote } from './remote.ts';

export { SCOPES, type TokenScope } from '../api/contract.ts';

/* What the command line asks of a service beside alerts. All throw UserError CW-8020 to CW-8026. */

export function getStatus(remote: Remote, signal: AbortSignal): Promise<Answered<Status>> {
  return ask(remote, { path: '/status', answer: status }, signal);
}

export function listTokens(
  remote: Remote,
  signal: AbortSignal,
): Promise<Answered<{ readonly items: readonly TokenItem[] }>> {
  return ask(remote, { path: '/tokens', answer: tokensList }, signal);
}

/** The value of the new token is in the answer, and nowhere else. */
export function createToken(
  remote: Remote,
  body: TokenRequest,
  signal: AbortSignal,
): Promise<Answered<TokenItem & { readonly token: string }>> {
  return ask(remote, { method: 'POST', path: '/tokens', body, answer: newToken }, signal);
}

export function revokeToken(
  remote: Remote,
  id: string,
  signal: AbortSignal,
): Promise<Answered<{ readonly done: true }>> {
  return ask(remote, { method: 'DELETE', path: `/tokens/${encodeURIComponent(id)}`, answer: done }, signal);
}

export function playDrill(remote: Remote, rule: string, signal: AbortSignal): Promise<Answered<DrillAnswer>> {
  return ask(remote, { method: 'POST', path: '/drills', body: { rule }, answer: drillAnswer }, signal);
}
