/**
 * Programs that people know by name. Application ids: the portal's and the Azure CLI's stand in captured Activity Log records; the
 * others are general knowledge, unconfirmed.
 */
const BY_ID: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'c44b4083-3bb0-49c1-b47d-974e53cbdf3c': 'Azure portal',
    '04b07795-8ddb-461a-bbee-02f9e1bf7b46': 'Azure CLI',
    '1950a258-227b-4e31-a9cf-717495945fc2': 'Azure PowerShell',
    'b677c290-cf4b-4a8e-a60e-91ba650a4abe': 'Azure portal',
    '872cd9fa-d31f-45e0-9eab-6e460a02d1f1': 'Visual Studio',
    'aebc6443-996d-45c2-90f0-388ff96faa56': 'Visual Studio Code',
  }),
);

const BY_AGENT: readonly (readonly [RegExp, string])[] = [
  [/terraform/i, 'Terraform'],
  [/pulumi/i, 'Pulumi'],
  [/azurecli|azure-cli/i, 'Azure CLI'],
  [/azurepowershell|azure-powershell/i, 'Azure PowerShell'],
];

/** The name of a program by its Entra application id or its user agent; null if it is not a known one. */
export function applicationName(appId: string | null, userAgent: string | null): string | null {
  const byAgent = userAgent === null ? undefined : BY_AGENT.find(([pattern]) => pattern.test(userAgent));
  return byAgent?.[1] ?? (appId === null ? null : (BY_ID.get(appId) ?? null));
}
