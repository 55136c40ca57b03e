import type { SendMailOptions } from 'nodemailer';
import { type AlertMessage, fitted, messageOf, type Notice } from '../report/message.ts';
import { nameOf } from '../report/phrases.ts';
import { visible } from '../report/text.ts';
import type { EmailConfig } from './emailConfig.ts';
import { alertHtml, noticeHtml } from './emailHtml.ts';
import { alertText, noticeText } from './emailText.ts';
import { noticeOf } from './notice.ts';
import type { Message } from './receiver.ts';

export interface Mail {
  readonly options: SendMailOptions;
  /** The revisions that were told, with a comma between: what a later mail of the thread refers to. */
  readonly ref: string | null;
}

type Content = Pick<
  SendMailOptions,
  'subject' | 'text' | 'html' | 'messageId' | 'inReplyTo' | 'references' | 'headers'
>;

/** Bytes of both parts together. */
const MOST = 100_000;

/** @param now milliseconds */
export function mailOf(message: Message, config: EmailConfig, now: number): Mail {
  const domain = config.from.replace(/^.*@|>$/g, '');
  const { content, id } = message;
  const common = {
    from: config.from,
    to: [...config.to],
    date: new Date(now),
    // Long lines of a command are folded and put together again.
    textEncoding: 'quoted-printable' as const,
  };
  const { made, ref } =
    content.kind === 'alert'
      ? alertContent(message, content.news, config, domain)
      : { made: noticeContent(noticeOf(message, content, now), id, domain), ref: null };
  return { options: { ...common, ...made, ...listed(made, domain) }, ref };
}

/** A mail that a program wrote: nobody's absence answers it. RFC 3834, RFC 2919. */
function listed({ headers }: Content, domain: string): Pick<SendMailOptions, 'headers'> {
  return {
    headers: {
      ...(headers as Record<string, string>),
      'List-Id': `cosmowatch alerts <alerts.${domain}>`,
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
    },
  };
}

function alertContent(
  { ref, links }: Message,
  news: Parameters<typeof messageOf>[0],
  config: EmailConfig,
  domain: string,
): { readonly made: Content; readonly ref: string } {
  const { alert, revision } = news.stored;
  const idOf = (one: string) => `<${alert.id}.${one}@${domain}>`;
  const before = (ref ?? '').split(',').filter((one) => /^\d{1,9}$/.test(one) && one !== `${revision}`);
  const { subject, text, html } = fitted(
    messageOf(news, links),
    (one) => ({ subject: subjectOf(one, news.stored, config), text: alertText(one), html: alertHtml(one) }),
    (one) => Buffer.byteLength(one.text) + Buffer.byteLength(one.html) <= MOST,
  );
  const isRise = alert.level === 'critical' && (news.kind === 'amended' || news.kind === 'opened');
  return {
    // The first stays, so that the thread does not lose its beginning.
    ref: [...before.slice(0, 1), ...before.slice(1).slice(-20), `${revision}`].join(','),
    made: {
      subject,
      text,
      html,
      messageId: idOf(`${revision}`),
      ...(before.length === 0 ? {} : { inReplyTo: idOf(before[0]!), references: before.map(idOf) }),
      headers: {
        'X-Cosmowatch-Alert': alert.id,
        'X-Cosmowatch-Revision': `${revision}`,
        'X-Cosmowatch-Level': alert.level,
        ...(isRise ? { Importance: 'high' } : {}),
      },
    },
  };
}

function subjectOf(
  message: AlertMessage,
  stored: Parameters<typeof messageOf>[0]['stored'],
  { subject }: EmailConfig,
): string {
  if (subject === 'live') return message.title;
  return `${nameOf(stored)}: ${visible(stored.alert.title)} (alert ${stored.alert.id.slice(0, 8)})`;
}

function noticeContent(notice: Notice, id: string, domain: string): Content {
  return {
    subject: notice.title,
    text: noticeText(notice),
    html: noticeHtml(notice),
    messageId: `<${id.replace(/[^A-Za-z0-9._-]/g, '-').slice(0, 100)}@${domain}>`,
    headers: {},
  };
}
