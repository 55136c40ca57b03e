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
  'CW-9002': { exit: 1, means: 'a Node that is too old' },
  'CW-9001': { exit: 1, means: 'an error of cosmowatch itself' },
} as const satisfies Record<string, { exit: number; means: string }>;

export type ErrorCode = keyof typeof ERRORS;
