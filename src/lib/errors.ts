/**
 * An error that a user can do something about. Printed as `error CW-nnnn: what`, indented facts, then `cure:`.
 * Everything else that is thrown is an error of ours.
 */
export class UserError extends Error {
  readonly code: ErrorCode;
  readonly facts: readonly string[];
  readonly cure: string | null;
  /** Exit code of the process. */
  readonly exit: number;

  constructor(
    code: ErrorCode,
    message: string,
    options: { facts?: readonly string[]; cure?: string; exit?: number } = {},
  ) {
    super(message);
    this.name = 'UserError';
    this.code = code;
    this.facts = options.facts ?? [];
    this.cure = options.cure ?? null;
    this.exit = options.exit ?? ERRORS[code].exit;
  }
}

/** The same of a file that belongs to how the program was called: rules, an inventory. */
export function ofCall({ code, message, facts, cure }: UserError, what: string): UserError {
  return new UserError(code, `${what}: ${message}`, { facts, exit: 2, ...(cure === null ? {} : { cure }) });
}

/** Every code a user can meet. A code is never reused. */
export const ERRORS = {
  'CW-1001': { exit: 2, means: 'an option or command that does not exist, or is used wrongly' },
  'CW-1002': { exit: 2, means: 'a value that an option does not accept' },
  'CW-2001': { exit: 1, means: 'no such file or folder; exit code 2 where rules or an inventory are meant' },
  'CW-2002': {
    exit: 1,
    means: 'no permission to read a file or folder; exit code 2 where rules or an inventory are meant',
  },
  'CW-2003': { exit: 1, means: 'nothing that was read is a log record' },
  'CW-2004': { exit: 1, means: 'an output file could not be written' },
  'CW-2005': { exit: 2, means: 'an inventory file that holds no ARM document' },
  'CW-2006': { exit: 1, means: 'a compressed file that is damaged or expands without end' },
  'CW-2007': { exit: 1, means: 'a file that could not be read; exit code 2 where rules or an inventory are meant' },
  'CW-3001': { exit: 2, means: 'a rule is not valid' },
  'CW-4001': { exit: 1, means: 'a data folder that another process has in use' },
  'CW-4002': { exit: 1, means: 'a database that a newer cosmowatch wrote' },
  'CW-4003': { exit: 1, means: 'a database that is damaged' },
  'CW-4004': { exit: 1, means: 'a file in the place of the database that is none of cosmowatch' },
  'CW-4005': { exit: 1, means: 'a data folder or database that cannot be written' },
  'CW-4006': { exit: 1, means: 'a database that could not be brought to the version of the program' },
  'CW-4007': { exit: 1, means: 'a file that should hold the token and does not' },
  'CW-4008': { exit: 1, means: 'a backup that could not be made' },
  'CW-4009': { exit: 1, means: 'a file that cannot be restored' },
  'CW-5001': {
    exit: 1,
    means: 'a record of a subscription that its sender may not speak for; in the receipt of a batch',
  },
  'CW-5002': { exit: 1, means: 'a record of no log that is read; in the receipt of a batch' },
  'CW-5003': { exit: 1, means: 'what is no record, or has no possible time; in the receipt of a batch' },
  'CW-5009': { exit: 1, means: 'a batch that could not be judged; it is kept in the folder aside of the data folder' },
  'CW-5010': { exit: 1, means: 'a rule that a drill cannot play' },
  'CW-6001': { exit: 1, means: 'a request to the API without a token, or with one that is not known (HTTP 401)' },
  'CW-6002': { exit: 1, means: 'a token that may not do what was asked (HTTP 403)' },
  'CW-6003': { exit: 1, means: 'nothing is there, or nothing that the token may see (HTTP 404)' },
  'CW-6004': {
    exit: 1,
    means: 'a method that a path does not answer; the header Allow names those that it does (HTTP 405)',
  },
  'CW-6005': { exit: 1, means: 'a request whose query, headers or body are not valid (HTTP 400)' },
  'CW-6006': { exit: 1, means: 'a content type or content encoding that a path does not take (HTTP 415)' },
  'CW-6007': { exit: 1, means: 'a body that is too large, or expands too far (HTTP 413)' },
  'CW-6008': { exit: 1, means: 'more records than can be taken now; the header Retry-After says when (HTTP 429)' },
  'CW-6009': {
    exit: 1,
    means: 'nothing can be stored now; /readyz says why, the header Retry-After when to try again (HTTP 503)',
  },
  'CW-6010': { exit: 1, means: 'a request over the loopback address that names another host (HTTP 421)' },
  'CW-6011': { exit: 1, means: 'a request that took too long to arrive (HTTP 408)' },
  'CW-6012': { exit: 1, means: 'a change that the state of an alert or token does not allow (HTTP 409)' },
  'CW-6013': {
    exit: 1,
    means: 'a pushed body that is not what its path takes: OTLP, or events of Event Grid (HTTP 400)',
  },
  'CW-6014': { exit: 1, means: 'the address to listen at is taken, not of this machine, or not allowed' },
  'CW-6015': { exit: 1, means: 'a name and password with which nobody can sign in (HTTP 401)' },
  'CW-6016': {
    exit: 1,
    means: 'too many wrong passwords: signing in waits; the header Retry-After says until when (HTTP 429)',
  },
  'CW-6017': {
    exit: 1,
    means: 'a change that was asked for with a session, but not by the console itself (HTTP 403)',
  },
  'CW-6018': { exit: 1, means: 'a one-time link that was used, has expired, or never was (HTTP 410)' },
  'CW-6019': {
    exit: 1,
    means: 'signing in with OpenID Connect was refused, or its answer could not be used (HTTP 403)',
  },
  'CW-6020': { exit: 1, means: 'somebody who signed in with OpenID Connect and has no role here (HTTP 403)' },
  'CW-6021': { exit: 1, means: 'somebody of whom Entra ID tells no groups, because there are too many (HTTP 403)' },
  'CW-6022': {
    exit: 1,
    means: 'a sign-in with OpenID Connect that was begun too long ago, or in another browser (HTTP 400)',
  },
  'CW-6023': { exit: 1, means: 'signing in over an address where no browser keeps a session (HTTP 400)' },
  'CW-6024': { exit: 1, means: 'a password that is too easy to guess (HTTP 400)' },
  'CW-6041': { exit: 1, means: 'a rule that cannot be tried while another one is being tried (HTTP 429)' },
  'CW-7001': { exit: 1, means: 'a storage account that refuses to be read: its key, SAS, role or firewall' },
  'CW-7002': { exit: 1, means: 'a connection string or address of a storage account that cannot be used' },
  'CW-7003': { exit: 1, means: 'nobody to sign in to Azure as' },
  'CW-7004': { exit: 1, means: 'Azure refuses to be read: who signs in has no role for it' },
  'CW-7005': { exit: 1, means: 'a subscription, workspace or address of Azure that does not exist, or cannot be used' },
  'CW-7006': { exit: 1, means: 'a question that Azure does not take' },
  'CW-7007': { exit: 1, means: 'scan --azure without the Azure CLI, or without a login in it' },
  'CW-7008': { exit: 1, means: 'scan --azure, and Azure did not answer for minutes' },
  'CW-7101': { exit: 1, means: 'a source that refuses who it is asked by: a key, token or role is wrong or missing' },
  'CW-7102': { exit: 1, means: 'an event hub, topic, consumer group or partition that does not exist' },
  'CW-7103': { exit: 1, means: 'the container in which readers of an event hub agree cannot be used' },
  'CW-7110': { exit: 1, means: 'a path of a file source that is no file and no folder' },
  'CW-8001': { exit: 2, means: 'a configuration that could not be read' },
  'CW-8002': { exit: 2, means: 'a configuration with mistakes: all of them are told, and nothing of it is used' },
  'CW-8003': {
    exit: 2,
    means: 'a configuration that is not YAML as it is used here, or larger or deeper than one may be',
  },
  'CW-8004': { exit: 2, means: 'a key that a configuration does not have' },
  'CW-8005': { exit: 2, means: 'a value that a key of the configuration does not take' },
  'CW-8006': { exit: 2, means: 'a key that is missing in the configuration' },
  'CW-8007': { exit: 2, means: 'a type of source or receiver that does not exist' },
  'CW-8008': { exit: 2, means: 'a secret that stands in the configuration itself' },
  'CW-8009': { exit: 2, means: 'a secret that is not where the configuration says' },
  'CW-8010': { exit: 2, means: 'a file with a secret that every user may read; a warning, so nothing ends' },
  'CW-8011': { exit: 2, means: 'a name in the configuration that nothing has' },
  'CW-8012': { exit: 2, means: 'env: or file: where no secret is expected' },
  'CW-8013': {
    exit: 2,
    means: 'a route or receiver that tells nobody, or that nothing reaches; a warning, so nothing ends',
  },
  'CW-8020': { exit: 1, means: 'a service that cannot be reached' },
  'CW-8021': { exit: 1, means: 'a token that the service does not know, or none' },
  'CW-8022': { exit: 1, means: 'a token that may not do this' },
  'CW-8023': { exit: 1, means: 'something that the service does not have, or that the token may not see' },
  'CW-8024': { exit: 1, means: 'an answer of something that is no cosmowatch, or one of another version' },
  'CW-8025': { exit: 1, means: 'something that the service refused to do' },
  'CW-8026': { exit: 1, means: 'a service that could not do it now' },
  'CW-8027': { exit: 2, means: 'a file that is there already and is not overwritten without --force' },
  'CW-8028': { exit: 2, means: 'a question that nobody is there to answer' },
  'CW-8101': { exit: 2, means: 'a file with alerts that holds none, or something else' },
  'CW-8102': { exit: 2, means: 'a receiver that the configuration does not have' },
  'CW-8103': { exit: 2, means: 'an exception, silence or calendar that matches everything; it is refused alone' },
  'CW-8104': { exit: 2, means: 'an address range of an exception that is none; the exception is refused alone' },
  'CW-8105': { exit: 2, means: 'a silence in the past; it is refused alone' },
  'CW-8106': { exit: 2, means: 'an exception that hides every alert of a rule; a warning, so nothing ends' },
  'CW-8107': { exit: 2, means: 'an exception that has expired; a warning, so nothing ends' },
  'CW-8141': { exit: 2, means: 'a file with networks of addresses that could not be read' },
  'CW-8221': {
    exit: 2,
    means: 'an address that is itself a secret, written out in the configuration; a warning, so nothing ends',
  },
  'CW-8222': { exit: 2, means: 'a folder of rules in the configuration that cannot be read' },
  'CW-9001': { exit: 1, means: 'an error of cosmowatch itself' },
  'CW-9002': { exit: 1, means: 'a Node that is too old' },
} as const satisfies Record<string, { exit: number; means: string }>;

export type ErrorCode = keyof typeof ERRORS;
