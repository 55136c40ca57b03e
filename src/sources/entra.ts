import type { TokenCredential } from '@azure/identity';

/**
 * Who we are to Azure: what the environment, a workload identity, a managed identity or `az login` give, in that order.
 * @param clientId of a user-assigned managed identity
 */
export async function entraCredential(clientId: string | null): Promise<TokenCredential> {
  const { DefaultAzureCredential } = await import('@azure/identity');
  return new DefaultAzureCredential(clientId === null ? {} : { managedIdentityClientId: clientId });
}
