import type { TokenCredential } from '@azure/identity';
import { UserError } from '../lib/errors.ts';
import type { TokenSource } from './azureRest.ts';

/**
 * Whoever this machine is in Entra ID: variables of the environment, workload identity, managed identity, then the command line tools of
 * a developer. @param clientId which managed identity or app, where there are several
 */
export async function credentialOf(clientId: string | null | undefined): Promise<TokenCredential> {
  const { DefaultAzureCredential } = await import('@azure/identity');
  // A workload identity takes the same id, unless it is told another.
  return new DefaultAzureCredential(clientId == null ? {} : { managedIdentityClientId: clientId });
}

/**
 * Whoever is logged in to the Azure CLI, in the tenant of a subscription. Getting a token throws UserError CW-7007 with what to type.
 */
export async function cliCredential(subscription: string): Promise<TokenSource> {
  const { AzureCliCredential } = await import('@azure/identity');
  const credential = new AzureCliCredential({ subscription, processTimeoutInMs: 60_000 });
  return {
    getToken: async (scope, options) => {
      try {
        return await credential.getToken(scope, options);
      } catch (error) {
        throw notLoggedIn(error);
      }
    },
  };
}

/** What the CLI said is not repeated: it may hold anything. */
function notLoggedIn(error: unknown): UserError {
  const text = error instanceof Error ? error.message : '';
  if (/could not be found/i.test(text))
    return new UserError('CW-7007', 'the Azure CLI (az) is not installed', {
      cure: 'install it (learn.microsoft.com/cli/azure/install-azure-cli), then: az login',
    });
  return new UserError('CW-7007', 'the Azure CLI gives no token: nobody is logged in, or not for this subscription', {
    cure: 'az login',
  });
}
