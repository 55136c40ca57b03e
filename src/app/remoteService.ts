import {
  auditPage,
  type DrillAnswer,
  done,
  drillAnswer,
  newToken,
  type Status,
  status,
  type TokenItem,
  type TokenRequest,
  tokensList,
  type VerifyAnswer,
  verifyAnswer,
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

/** @param before only entries before this number; null: from the newest */
export function listAudit(
  remote: Remote,
  { limit, before }: { readonly limit: number; readonly before: number | null },
  signal: AbortSignal,
) {
  const query = { limit: String(limit), ...(before === null ? {} : { before: String(before) }) };
  return ask(remote, { path: '/audit', query, answer: auditPage }, signal);
}

/** @param head an end of the log that was noted before */
export function verifyAudit(
  remote: Remote,
  head: { readonly seq: number; readonly hash: string } | null,
  signal: AbortSignal,
): Promise<Answered<VerifyAnswer>> {
  const query = head === null ? {} : { seq: String(head.seq), hash: head.hash };
  return ask(remote, { path: '/audit/verify', query, answer: verifyAnswer }, signal);
}
