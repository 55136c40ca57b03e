import type { ArmServer } from '../../test/support/armServer.ts';
import type { TokenSource } from './azureRest.ts';

/** What tests sign in with: it must stand nowhere else. */
export const TOKEN = 'eyJ0-canary-4711';

export async function signedIn(): Promise<TokenSource> {
  return { getToken: async () => ({ token: TOKEN, expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) };
}

/** What the server does until it is mended. */
export function faulty(fault: ArmServer['fault']) {
  return {
    async begin({ server }: { readonly server: ArmServer }) {
      server.fault = fault;
      return async () => {
        server.fault = null;
      };
    },
  };
}
