import type * as Client from 'openid-client';
import type { Role } from '../../api/contract.ts';
import { ROLES } from '../../api/contract.ts';
import type { OidcRefused, OidcStart } from '../../api/ports.ts';
import type { SignIn } from '../../config/signIn.ts';
import { Secret } from '../../lib/secret.ts';
import { visibleCharacters } from '../../lib/visible.ts';
import { newCode, type PeopleDeps } from './deps.ts';

/*
 * Signing in with OpenID Connect: code and PKCE, with state and nonce. What we must remember while somebody is at the other side is kept in
 * memory, by a value in a cookie of their browser: an answer that comes with another browser is nobody's.
 */

type Settings = NonNullable<SignIn['oidc']>;

/** Somebody whom the other side vouches for. */
export interface Proven {
  readonly subject: string;
  readonly name: string;
  readonly email: string | null;
  readonly role: Role;
}

type Ended = OidcRefused | { readonly kind: 'proven'; readonly who: Proven; readonly to: string };

interface Flow {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly redirect: string;
  /** What was wanted when it began. */
  readonly to: string;
  readonly at: number;
}

const FLOW_MS = 600_000;
/** Past that the oldest are forgotten. */
const FLOWS = 1000;
const TIMEOUT_S = 10;
export const CALLBACK = '/api/v1/session/oidc/callback';

/** What is known of the other side, and of which settings. */
interface Known {
  readonly settings: Settings;
  readonly client: Client.Configuration;
}

export class Oidc {
  readonly #deps: PeopleDeps;
  readonly #flows = new Map<string, Flow>();
  #known: Known | null = null;

  constructor(deps: PeopleDeps) {
    this.#deps = deps;
  }

  /** What people call the other side; null: it is not set up. */
  get name(): string | null {
    const { oidc } = this.#deps.settings();
    return oidc === undefined ? null : (oidc.name ?? nameOf(oidc.issuer));
  }

  /** @param base where the browser sees us; null: it is not set up */
  async begin(base: string, to: string): Promise<OidcStart | null> {
    const { oidc } = this.#deps.settings();
    if (oidc === undefined) return null;
    try {
      return await this.#begin(oidc, base, to);
    } catch (error) {
      this.#deps.log.warn({ error: whyOf(error) }, 'signing in with OpenID Connect cannot begin');
      return { kind: 'refused', code: 'CW-6019', to };
    }
  }

  async #begin(oidc: Settings, base: string, to: string): Promise<OidcStart> {
    const { entropy, clock } = this.#deps;
    const lib = await import('openid-client');
    const key = newCode(entropy);
    const [state, nonce, verifier] = [newCode(entropy), newCode(entropy), newCode(entropy)];
    const redirect = `${base.replace(/\/$/, '')}${CALLBACK}`;
    this.#remember(key, { state, nonce, verifier, redirect, to, at: clock.now() });
    const url = lib.buildAuthorizationUrl(await this.#client(oidc), {
      redirect_uri: redirect,
      scope: [...new Set(['openid', ...oidc.scopes])].join(' '),
      state,
      nonce,
      code_challenge: await lib.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    return { kind: 'going', url: url.href, flow: new Secret(key, 'oidc') };
  }

  async end(key: string | null, answer: Readonly<Record<string, string>>): Promise<Ended> {
    const { settings, clock, log } = this.#deps;
    const { oidc } = settings();
    const flow = key === null ? undefined : this.#flows.get(key);
    if (key !== null) this.#flows.delete(key);
    if (oidc === undefined || flow === undefined || clock.now() - flow.at > FLOW_MS)
      return { kind: 'refused', code: 'CW-6022', to: '/' };
    const refused = (code: OidcRefused['code']): OidcRefused => ({ kind: 'refused', code, to: flow.to });
    try {
      const claims = await this.#claims(oidc, flow, answer);
      const role = roleOf(claims, oidc.groups);
      if (role !== null) return { kind: 'proven', to: flow.to, who: { ...whoIn(claims, oidc), role } };
      log.warn({ subject: String(claims['sub']) }, 'somebody without a role signed in with OpenID Connect');
      return refused(isOverage(claims) ? 'CW-6021' : 'CW-6020');
    } catch (error) {
      log.warn({ error: whyOf(error) }, 'signing in with OpenID Connect failed');
      return refused('CW-6019');
    }
  }

  #remember(key: string, flow: Flow): void {
    this.#flows.set(key, flow);
    if (this.#flows.size > FLOWS) this.#flows.delete(this.#flows.keys().next().value!);
  }

  /** Who it is, checked: signature, issuer, audience, nonce, times. */
  async #claims(oidc: Settings, flow: Flow, answer: Readonly<Record<string, string>>): Promise<Claims> {
    const lib = await import('openid-client');
    const client = await this.#client(oidc);
    const url = new URL(flow.redirect);
    for (const [name, value] of Object.entries(answer)) url.searchParams.set(name, value);
    const tokens = await lib.authorizationCodeGrant(client, url, {
      pkceCodeVerifier: flow.verifier,
      expectedState: flow.state,
      expectedNonce: flow.nonce,
      idTokenExpected: true,
    });
    const claims = tokens.claims()!;
    const says = ['groups', 'roles', '_claim_names', 'hasgroups'].some((name) => claims[name] !== undefined);
    if (says || client.serverMetadata().userinfo_endpoint === undefined) return claims;
    // Some say it only when they are asked.
    return { ...(await lib.fetchUserInfo(client, tokens.access_token, claims.sub)), ...claims };
  }

  async #client(settings: Settings): Promise<Client.Configuration> {
    if (this.#known?.settings === settings) return this.#known.client;
    const lib = await import('openid-client');
    const { issuer, client_id, client_secret } = settings;
    const execute = [lib.enableNonRepudiationChecks];
    // The configuration lets plain http stand for this machine only.
    if (issuer.startsWith('http:')) execute.push(lib.allowInsecureRequests);
    const client = await lib.discovery(new URL(issuer), client_id, {}, lib.ClientSecretPost(client_secret.reveal()), {
      execute,
      timeout: TIMEOUT_S,
    });
    this.#known = { settings, client };
    return client;
  }
}

type Claims = Readonly<Record<string, unknown>>;

/** The highest that any group or app role gives; null: none. */
function roleOf(claims: Claims, groups: Settings['groups']): Role | null {
  const named = [claims['groups'], claims['roles']].flatMap((list) => (Array.isArray(list) ? list.map(String) : []));
  const given = named.flatMap((name) => (Object.hasOwn(groups, name) ? [groups[name]!] : []));
  return ROLES.findLast((role) => given.includes(role)) ?? null;
}

/** Entra ID names no groups where there are more than fit into the token: it says where they could be asked for. */
function isOverage({ _claim_names: names, hasgroups }: Claims): boolean {
  if (hasgroups === true || hasgroups === 'true') return true;
  return typeof names === 'object' && names !== null && Object.hasOwn(names, 'groups');
}

/** What people know them by may change; the subject never does. */
function whoIn(claims: Claims, { issuer }: Settings): Omit<Proven, 'role'> {
  const text = (name: string): string | null => {
    const value = claims[name];
    return typeof value === 'string' && value.trim() !== '' ? visibleCharacters(value.trim()).slice(0, 100) : null;
  };
  const subject = String(claims['sub']);
  const name = text('preferred_username') ?? text('email') ?? text('name') ?? subject.slice(0, 100);
  return { subject: `${issuer} ${subject}`, name, email: text('email') };
}

function nameOf(issuer: string): string {
  const { hostname } = new URL(issuer);
  return /(^|\.)(login\.microsoftonline\.(com|us)|login\.partner\.microsoftonline\.cn)$/.test(hostname)
    ? 'Microsoft Entra ID'
    : hostname;
}

/** Without what was sent: codes and tokens may stand in it. */
function whyOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code, error: said, error_description: more } = error as Error & Readonly<Record<string, unknown>>;
  const told = [error.message, code, said, more].filter((one) => typeof one === 'string' && one !== '');
  return visibleCharacters(told.join(': ')).slice(0, 500);
}
