import type { TokenCredential } from '@azure/identity';

/**
 * Whoever this machine is in Entra ID: variables of the environment, workload identity, managed identity, then the command line tools of
 * a developer. @param clientId which managed identity or app, where there are several
 */
export async function credentialOf(clientId: string | undefined): Promise<TokenCredential> {
  const { DefaultAzureCredential } = await import('@azure/identity');
  if (clientId === undefined) return new DefaultAzureCredential();
  return new DefaultAzureCredential({ managedIdentityClientId: clientId, workloadIdentityClientId: clientId });
}
