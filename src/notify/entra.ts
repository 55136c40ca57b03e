import type { Delivery } from './receiver.ts';

/** What is needed of a credential of @azure/identity. */
export interface TokenSource {
  getToken(
    scope: string,
    options?: { readonly abortSignal?: AbortSignal },
  ): Promise<{ readonly token: string; readonly expiresOnTimestamp: number } | null>;
}

/** @param clientId which managed identity or app, where there are several */
export type Credential = (clientId: string | undefined) => Promise<TokenSource>;

/** Whoever this machine is in Entra ID: variables of the environment, workload identity, managed identity, then a developer's tools. */
export const machineCredential: Credential = async (clientId) => {
  const { DefaultAzureCredential } = await import('@azure/identity');
  return new DefaultAzureCredential(clientId === undefined ? {} : { managedIdentityClientId: clientId });
};

/** A token is renewed so long before it ends; milliseconds. */
const RENEW_BEFORE = 300_000;

/** The tokens of one identity for one scope. */
export class EntraTokens {
  readonly #scope: string;
  readonly #credential: () => Promise<TokenSource>;
  #source: TokenSource | null = null;
  #known: { readonly token: string; readonly expiresOnTimestamp: number } | null = null;

  constructor(scope: string, credential: () => Promise<TokenSource>) {
    this.#scope = scope;
    this.#credential = credential;
  }

  /** Of what went wrong only the name is told: the texts of the library may hold anything. @param now milliseconds */
  async get(now: number, signal: AbortSignal): Promise<{ readonly token: string } | { readonly failed: Delivery }> {
    if (this.#known !== null && this.#known.expiresOnTimestamp - now > RENEW_BEFORE) return this.#known;
    try {
      this.#source ??= await this.#credential();
      this.#known = await this.#source.getToken(this.#scope, { abortSignal: signal });
      if (this.#known !== null) return this.#known;
    } catch (error) {
      const name = error instanceof Error ? error.name : typeof error;
      return { failed: refusal(`no token of Entra ID (${name})`) };
    }
    return { failed: refusal('no token of Entra ID') };
  }

  /** It was refused before its time. */
  forget(): void {
    this.#known = null;
  }
}

function refusal(what: string): Delivery {
  const cure =
    'give this machine a managed identity (one of several: name it as `client_id`), or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET';
  return { kind: 'retry', after: null, reason: `${what}; ${cure}` };
}
