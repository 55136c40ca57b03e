import type { AlertNews, StoredAlert, Verdict } from '../alerts/stored.ts';
import type { Secret } from '../lib/secret.ts';
import type {
  About,
  AccountDetail,
  AccountItem,
  AlertAdvice,
  AlertHistogram,
  AlertItem,
  AlertRecord,
  AlertTrail,
  Around,
  BacktestAnswer,
  DeliveriesPage,
  DeliveryItem,
  ExceptionBody,
  ExceptionItem,
  FigurePoint,
  ForgetAnswer,
  ForgetRequest,
  IntakeItem,
  LintAnswer,
  MemoryItem,
  OidcRefusal,
  Person,
  Rate,
  ReceiversAnswer,
  ReceiverTestAnswer,
  RoutineAnswer,
  RoutineItem,
  RoutingAnswer,
  RuleDetail,
  RuleItem,
  RuleTestAnswer,
  SetupAnswer,
  SignedOutcome,
  SilenceBody,
  SilenceItem,
  SourceStatus,
  Status,
  TokenItem,
  TokenRequest,
  TokenScope,
  TuningPreview,
  UserItem,
  UserRequest,
  UserRoleRequest,
  VerifyAnswer,
  Ways,
} from './contract.ts';

/*
 * What the API needs of the rest of the program: use cases, implemented in `app`. Each takes the scope of who asks; what lies outside it
 * does not exist for them.
 */

/** Milliseconds since 1970. */
type Millis = number;

/** What somebody may see. */
export interface Scope {
  /** Lower case; null: all. What belongs to no subscription is only seen by those who see all. */
  readonly subscriptions: readonly string[] | null;
  /** All of them must be on what is seen. */
  readonly labels: Readonly<Record<string, string>>;
}

export const EVERYTHING: Scope = { subscriptions: null, labels: {} };

export interface AlertFilter {
  /** Name or id. */
  readonly rule: string | null;
  /** Empty: any. */
  readonly statuses: readonly AlertItem['status'][];
  /** Lower-case ARM id or name. */
  readonly account: string | null;
  /** Last seen at or after it. */
  readonly since: Millis | null;
  /** An id. */
  readonly story: string | null;
  /** Those that an exception hides: with them, without, or nothing else. */
  readonly excepted: 'yes' | 'no' | 'only';
  /** Empty: any. */
  readonly levels: readonly AlertItem['level'][];
  /** Name or id of an actor, in any case. */
  readonly actor: string | null;
  readonly ip: string | null;
  readonly assignee: string | null;
  /** A part of its title or reason, in any case. */
  readonly words: string | null;
}

export interface AlertPage {
  /** Newest first by `lastSeen`, then by id. */
  readonly items: readonly StoredAlert[];
  readonly next: string | null;
}

export type AlertAction =
  | { readonly kind: 'acknowledge' | 'reopen'; readonly comment: string | null }
  | { readonly kind: 'resolve'; readonly comment: string | null; readonly verdict: Verdict | null }
  | { readonly kind: 'comment'; readonly text: string }
  | { readonly kind: 'assign'; readonly assignee: string | null }
  | { readonly kind: 'verdict'; readonly verdict: Verdict; readonly comment: string | null };

export type ActOutcome =
  | { readonly kind: 'done'; readonly stored: StoredAlert }
  | { readonly kind: 'unknown' }
  /** Its state does not allow it: an alert that was merged is not reopened. */
  | { readonly kind: 'refused'; readonly why: string };

export interface AlertsPort {
  /** @param cursor `next` of the page before @returns null: the cursor is none of ours */
  list(filter: AlertFilter, limit: number, cursor: string | null, scope: Scope): Promise<AlertPage | null>;
  get(id: string, scope: Scope): Promise<StoredAlert | null>;
  /** How many opened when. @param range seconds since 1970, the end exclusive, and seconds of a step */
  histogram(
    range: { readonly from: number; readonly to: number; readonly step: number },
    scope: Scope,
  ): Promise<Pick<AlertHistogram, 'items' | 'open'>>;
  /** Why it matters and what to do. */
  advise(stored: StoredAlert): AlertAdvice;
  /** How it was decided what it is and who is told. */
  trail(stored: StoredAlert): AlertTrail['items'];
  /** Durable when it resolves. @param by name of the token */
  act(id: string, action: AlertAction, by: string, scope: Scope): Promise<ActOutcome>;
}

export interface EvidencePort {
  /** The records of its evidence, in order. */
  records(stored: StoredAlert): Promise<readonly AlertRecord[]>;
  /** What lies so many minutes around it, as far as somebody may see it. */
  around(stored: StoredAlert, minutes: number, scope: Scope): Promise<Around>;
}

export type TuningOutcome<Item> =
  | { readonly kind: 'done'; readonly item: Item }
  | { readonly kind: 'unknown' }
  /** There is one of that name, or it stands in the configuration. */
  | { readonly kind: 'refused'; readonly why: string; readonly cure: string }
  /** What is asked for makes no sense. */
  | { readonly kind: 'invalid'; readonly why: string; readonly cure: string };

/** Exceptions, or silences: those of the configuration too, which are only read. */
export interface TuningPort<Spec, Item> {
  list(scope: Scope): Promise<readonly Item[]>;
  /** It reaches no further than the scope of its maker. */
  create(name: string, spec: Spec, by: string, scope: Scope): Promise<TuningOutcome<Item>>;
  update(name: string, spec: Spec, by: string, scope: Scope): Promise<TuningOutcome<Item>>;
  end(name: string, scope: Scope): Promise<TuningOutcome<Item>>;
  preview(spec: Spec, scope: Scope): Promise<TuningOutcome<TuningPreview>>;
}

export interface DeliveriesPort {
  /** What became of each message about an alert, oldest first. */
  ofAlert(alert: string): readonly DeliveryItem[];
  /** Messages that are not tried any more, newest first. */
  dead(limit: number): readonly DeliveryItem[];
  /** Dead ones wait again. @returns how many do */
  replay(ids: readonly number[]): number;
}

export interface StatusPort {
  status(scope: Scope): Promise<Status>;
  sources(scope: Scope): Promise<readonly SourceStatus[]>;
  /** Null: it can take records. Else why not, for people; without secrets. */
  whyNotReady(): string | null;
}

export interface AccountsPort {
  list(scope: Scope): Promise<readonly AccountItem[]>;
  /** @param name lower-case ARM id or name @returns null: no such account, or not in the scope */
  get(name: string, scope: Scope): Promise<AccountDetail | null>;
}

/** A text that takes the place of the file of a rule. */
export interface RuleDraft {
  /** Name or id; null: it takes no place. */
  readonly rule: string | null;
  readonly text: string;
}

/** Trying takes time, so it is done one at a time: null: somebody else is at it. */
export interface RulesPort {
  list(scope: Scope): Promise<readonly RuleItem[]>;
  /** Null: no such rule. */
  get(name: string, scope: Scope): Promise<RuleDetail | null>;
  lint(draft: RuleDraft): Promise<LintAnswer | null>;
  /** @param timeline null: the one beside the rule */
  test(draft: RuleDraft, timeline: string | null): Promise<RuleTestAnswer | null>;
  /** @param since milliseconds since 1970 */
  backtest(draft: RuleDraft, since: Millis, scope: Scope): Promise<BacktestAnswer | null>;
}

export interface IntakePort {
  list(): readonly IntakeItem[];
  /** What `init` writes for an account. */
  setup(plan: {
    readonly account: string;
    readonly transport: 'event_hubs' | 'blob' | 'log_analytics' | 'activity_log';
    readonly api: 'nosql' | 'mongodb' | 'cassandra' | 'gremlin' | 'table';
    readonly requests: 'all' | 'aggregates' | 'none';
  }): SetupAnswer | null;
}

export interface DeliveryFilter {
  /** Null: any. */
  readonly state: DeliveryItem['state'] | null;
  readonly receiver: string | null;
}

export interface ReceiversPort {
  list(): ReceiversAnswer;
  /** Newest first. @param before only rows with a smaller id; null: from the newest */
  deliveries(filter: DeliveryFilter, limit: number, before: number | null, scope: Scope): DeliveriesPage;
  /** Where an alert would go. */
  route(stored: StoredAlert): RoutingAnswer;
  /** Sends a message that is marked as a test. Null: no receiver is called so. */
  test(name: string, by: string): Promise<ReceiverTestAnswer | null>;
}

export interface AboutPort {
  about(): About;
}

/** Null: any. */
export interface FigureFilter {
  readonly operation: string | null;
  readonly container: string | null;
  readonly client: string | null;
}

export interface FiguresPort {
  /**
   * What an account did, oldest first; steps without requests are left out.
   * @param range seconds since 1970, the end exclusive, and seconds of a step
   * @returns null: no such account, or not in the scope; `at` in seconds since 1970
   */
  points(
    account: string,
    range: { readonly from: number; readonly to: number; readonly step: number },
    filter: FigureFilter,
    scope: Scope,
  ): Promise<readonly (Omit<FigurePoint, 'at'> & { readonly at: number })[] | null>;
  /** @param at seconds since 1970 */
  rate(account: string, at: number): Promise<Rate>;
}

/** Who a bearer token is. */
export interface Bearer {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly TokenScope[];
  /** Where records sent with it belong; null: to the only source that answers where they are sent. */
  readonly source: string | null;
  /** Lower case; null: any. What records it may send. */
  readonly speaksFor: readonly string[] | null;
  /** What it may see and change. */
  readonly sees: Scope;
}

export interface TokensPort {
  /** Asked for each request. Compares in constant time; null: unknown, revoked or expired. */
  resolve(token: string): Bearer | null;
  list(): Promise<readonly TokenItem[]>;
  /** Null: a token of that name is good already. */
  create(request: TokenRequest, by: string): Promise<IssuedToken | null>;
  /** False: unknown, or it stands in the configuration and is revoked there. */
  revoke(id: string, by: string): Promise<boolean>;
  /** Null: as above. */
  rotate(id: string, graceSeconds: number, by: string): Promise<IssuedToken | null>;
}

export interface IssuedToken {
  readonly item: TokenItem;
  /** Shown once. */
  readonly token: Secret;
}

/** A person who is signed in with a browser. */
export interface Session {
  readonly id: string;
  readonly by: Bearer;
  readonly person: Person;
  /** Must come with each change. */
  readonly csrf: string;
  /** When it ends if it is not used until then. */
  readonly expires: Millis;
}

/** A session that has just begun, and the value of the cookie that stands for it. */
export interface Begun {
  readonly session: Session;
  readonly cookie: Secret;
  /** How long it can last. */
  readonly seconds: number;
}

export type OidcStart =
  /** `url`: where the browser goes; `flow`: what it must bring back. */
  { readonly kind: 'going'; readonly url: string; readonly flow: Secret } | OidcRefused;

export interface OidcRefused {
  readonly kind: 'refused';
  readonly code: OidcRefusal;
  /** The path that was wanted. */
  readonly to: string;
}

export type OidcEnd = { readonly kind: 'begun'; readonly begun: Begun; readonly to: string } | OidcRefused;

/** Who is signed in. It writes its part of the audit log itself: only it knows who somebody turned out to be. */
export interface SessionsPort {
  /** Asked for each request. @param isUse whether that keeps the session from ending; null: unknown, or it has ended */
  resolve(cookie: string, isUse: boolean): Session | null;
  ways(): Ways;
  /** @param from the address, for lock-outs @throws UserError CW-6015, CW-6016 */
  begin(name: string, password: string, from: string): Promise<Begun>;
  /** Null: this is no demo. */
  beginDemo(): Promise<Begun | null>;
  end(session: Session): Promise<void>;
  /** Of the same person, everywhere. */
  endAll(session: Session): Promise<void>;
  /** The first admin. @throws UserError CW-6018, CW-6024 */
  setUp(code: string, name: string, password: string): Promise<Begun>;
  /** A password is chosen with a one-time link. @throws UserError CW-6018, CW-6024 */
  choosePassword(code: string, password: string): Promise<Begun>;
  /** The other sessions of that person end. @throws UserError CW-6012, CW-6015, CW-6016, CW-6024 */
  changePassword(session: Session, old: string, password: string, from: string): Promise<void>;
  /** @param base where the browser sees us; null: it is not set up */
  beginOidc(base: string, to: string): Promise<OidcStart | null>;
  /** @param answer what the other side sent with the browser */
  endOidc(flow: string | null, answer: Readonly<Record<string, string>>): Promise<OidcEnd>;
}

export interface UserWithLink {
  readonly item: UserItem;
  /** What stands behind `#` in the link. Shown once. */
  readonly code: Secret;
  readonly expires: Millis;
}

/** Null and false: no such user. What a user's state does not allow is thrown as UserError CW-6012. */
export interface UsersPort {
  list(): Promise<readonly UserItem[]>;
  create(request: UserRequest): Promise<UserWithLink>;
  setRole(id: string, request: UserRoleRequest): Promise<UserItem | null>;
  disable(id: string): Promise<UserItem | null>;
  enable(id: string): Promise<UserItem | null>;
  /** The password is gone, sessions end, and a link lets them choose another. */
  reset(id: string): Promise<UserWithLink | null>;
  endSessions(id: string): Promise<boolean>;
  remove(id: string): Promise<boolean>;
}

/** A change that somebody asks for. Written before it is done, so that no change is without its entry; again if it then failed. */
export interface AuditEntry {
  readonly by: string;
  /** `alerts.acknowledge`, `tokens.create` */
  readonly action: string;
  readonly target: string | null;
  readonly outcome: 'asked' | 'failed';
  /** What was asked, without secrets. */
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface WrittenEntry extends AuditEntry {
  readonly seq: number;
  readonly at: Millis;
  readonly hash: string;
}

export interface AuditPort {
  /** Durable when it resolves. */
  record(entry: AuditEntry): Promise<void>;
  /** Newest first. @param before only entries with a smaller `seq`; null: from the newest */
  list(limit: number, before: number | null): Promise<readonly WrittenEntry[]>;
  /** Goes through the whole chain. @param known an entry that was noted before */
  verify(known: { readonly seq: number; readonly hash: string } | null): Promise<VerifyAnswer>;
}

/** The same shape as a push source takes (`sources/source.ts`), which this folder does not see. */
export interface PushedRequest {
  readonly query: ReadonlyMap<string, string>;
  /** Lower-case names. Those that carry a token are left out. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Decompressed. */
  readonly body: Uint8Array;
  readonly speaksFor: readonly string[] | null;
}

export interface PushedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; bytes as they are. */
  readonly body?: unknown;
}

export type PushMethod = 'POST' | 'OPTIONS';

export interface LogsPort {
  /**
   * The source that answers there: the named one, if it does; null asked: the only one that does. Null: none. Asked for each request,
   * because sources come and go when the configuration is read again.
   */
  sourceAt(method: PushMethod, path: string, source: string | null): string | null;
  /** Is there room for so many bytes? Null: yes; else how many seconds to wait. */
  admit(source: string, bytes: number): number | null;
  /** Hands it to the source. Rejects if nothing of it could be committed: the sender is asked to try again. */
  push(source: string, method: PushMethod, path: string, request: PushedRequest): Promise<PushedAnswer>;
}

export interface EventsPort {
  /** Called for each change of an alert, after it was committed, in order. @returns ends it */
  subscribe(listener: (news: AlertNews) => void): () => void;
}

export interface MetricsPort {
  readonly contentType: string;
  /** In the text format of Prometheus. */
  render(): Promise<string>;
}

export interface DrillPort {
  /**
   * Gives records that make a rule fire to the service, as if they had just been written.
   * @throws UserError the rule is unknown or cannot be played
   */
  play(rule: string, by: string): Promise<DrillOutcome>;
}

export interface DrillOutcome {
  readonly rule: string;
  /** What its records show. */
  readonly name: string;
  /** The made-up account. */
  readonly account: string;
  readonly records: number;
  /** What was raised for it. */
  readonly alerts: readonly StoredAlert[];
}

export interface RoutinesPort {
  /** By rule, account and caller. @param filter null: any */
  list(
    filter: { readonly account: string | null; readonly state: RoutineItem['state'] | null },
    limit: number,
    scope: Scope,
  ): Promise<readonly RoutineItem[]>;
  get(id: string, scope: Scope): Promise<RoutineAnswer | null>;
  /** False: there is none. Durable when it resolves. */
  forget(id: string, scope: Scope): Promise<boolean>;
}

export interface MemoryPort {
  /** Newest first. @param filter null: any */
  list(
    filter: {
      readonly account: string | null;
      readonly kind: MemoryItem['kind'] | null;
      readonly value: string | null;
    },
    limit: number,
    scope: Scope,
  ): Promise<readonly MemoryItem[]>;
  /** Durable when it resolves. */
  forget(request: ForgetRequest, scope: Scope): Promise<ForgetAnswer>;
}

/** Everything that the server is given. */
export type { SignedOutcome };

/** What services of receivers tell back. */
export interface SignedPort {
  /** @param name of the receiver @param signature the header @returns null: it is not signed by a secret of this receiver, or there is none */
  pagerduty(name: string, signature: string, body: Uint8Array): Promise<SignedOutcome | null>;
}

export interface ApiPorts {
  readonly alerts: AlertsPort;
  readonly evidence: EvidencePort;
  readonly status: StatusPort;
  readonly figures: FiguresPort;
  readonly tokens: TokensPort;
  readonly audit: AuditPort;
  readonly logs: LogsPort;
  readonly events: EventsPort;
  readonly metrics: MetricsPort;
  readonly drill: DrillPort;
  readonly deliveries: DeliveriesPort;
  readonly routines: RoutinesPort;
  readonly memory: MemoryPort;
  readonly accounts: AccountsPort;
  readonly rules: RulesPort;
  readonly intake: IntakePort;
  readonly receivers: ReceiversPort;
  readonly signed: SignedPort;
  readonly about: AboutPort;
  readonly exceptions: TuningPort<ExceptionBody, ExceptionItem>;
  readonly silences: TuningPort<SilenceBody, SilenceItem>;
  readonly sessions: SessionsPort;
  readonly users: UsersPort;
}
