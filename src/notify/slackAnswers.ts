import { parseObject } from '../lib/json.ts';
import { failure } from './answers.ts';
import { retryAfter } from './httpDelivery.ts';
import type { Delivery, HttpAnswer } from './receiver.ts';

/**
 * What Slack means by an answer. The Web API answers 200 to what it refuses, and says so in `ok`; a webhook answers with a status and a word.
 * https://docs.slack.dev/reference/methods/chat.postMessage and https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
 */

/** Troubles that pass; every other word is a refusal. */
const PASSING: ReadonlySet<string> = new Set([
  'ratelimited',
  'rate_limited',
  'message_limit_exceeded',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
  'rollup_error',
]);

const CURES: Readonly<Record<string, string>> = {
  not_authed: 'the token is missing; set `token`',
  invalid_auth: 'the token is not valid; make a new one and set `token`',
  account_inactive: 'the bot or its workspace is gone; install the app again and set `token`',
  token_revoked: 'the token was revoked; install the app again and set `token`',
  token_expired: 'the token has expired; make a new one and set `token`',
  missing_scope: 'give the app the scope chat:write and install it again',
  channel_not_found: 'no such channel, or the bot may not see it; check `channel` and invite the bot',
  not_in_channel: 'invite the bot into the channel',
  is_archived: 'the channel is archived; choose another one',
  channel_is_archived: 'the channel is archived; make a webhook for another one',
  no_service: 'the webhook was removed or switched off; make a new one and set `url`',
  no_active_hooks: 'the webhook is switched off; make a new one and set `url`',
  no_team: 'the workspace is gone; make a webhook in another one and set `url`',
  invalid_token: 'the webhook is not valid; make a new one and set `url`',
  action_prohibited: 'an administrator forbids posting here; choose another channel',
  restricted_action: 'an administrator forbids posting here; choose another channel',
  posting_to_general_channel_denied: 'only administrators may post there; choose another channel',
};

/** An error of the Web API; null: it did what was asked, or it was not Slack that answered. */
export function apiError(answer: HttpAnswer): string | null {
  if (answer.kind === 'failed') return null;
  const body = parseObject(answer.body);
  return body?.['ok'] === false ? `${body['error'] ?? 'unknown_error'}` : null;
}

export function apiDelivery(answer: HttpAnswer, now: number): Delivery {
  if (answer.kind === 'failed') return failure(answer, now);
  const body = parseObject(answer.body);
  if (answer.status === 200 && body?.['ok'] === true) return { kind: 'delivered', ref: null };
  const error = apiError(answer);
  if (error !== null) return refusal(error, answer, now);
  if (answer.status < 300) return { kind: 'retry', after: null, reason: 'what answered was not the API of Slack' };
  return failure(answer, now);
}

/** Where a message was posted: the channel by its id, which `chat.update` asks for; null: it was not. */
export function postedAt(answer: HttpAnswer): { readonly channel: string; readonly ts: string } | null {
  const body = answer.kind === 'answer' && answer.status === 200 ? parseObject(answer.body) : null;
  const { ok, channel, ts } = body ?? {};
  return ok === true && typeof channel === 'string' && typeof ts === 'string' ? { channel, ts } : null;
}

export function webhookDelivery(answer: HttpAnswer, now: number): Delivery {
  if (answer.kind === 'failed') return failure(answer, now);
  const word = answer.body.trim();
  if (answer.status < 300 && word === 'ok') return { kind: 'delivered', ref: 'told' };
  if (isWord(word)) return refusal(word, answer, now);
  if (answer.status < 300)
    return { kind: 'retry', after: null, reason: 'what answered was not Slack: a webhook answers "ok"' };
  return failure(answer, now);
}

/** What is no word of theirs is not repeated: it may hold the address, which is the secret. */
function isWord(word: string): boolean {
  return /^[a-z]+(?:_[a-z]+)+$/.test(word) && word.length <= 60;
}

function refusal(word: string, answer: Extract<HttpAnswer, { kind: 'answer' }>, now: number): Delivery {
  const told = isWord(word) || word === 'ratelimited' ? word : 'something that is no word of its documentation';
  if (PASSING.has(word) || answer.status === 429 || answer.status >= 500)
    return { kind: 'retry', after: retryAfter(answer, now), reason: `Slack says ${told}` };
  const cure = Object.hasOwn(CURES, word) ? `: ${CURES[word]}` : '';
  return { kind: 'rejected', reason: `Slack says ${told}${cure}` };
}
