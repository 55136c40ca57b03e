import { ACTIVITY_CATEGORIES, type Category, categoriesOf, READER_ROLES, ROLE_ACTIONS } from './categories.ts';
import { namesOf, type Plan } from './plan.ts';

/** The same as commands of the Azure CLI, for who uses neither Bicep nor Terraform. Running it again changes nothing. */
export function setupText(plan: Plan): string {
  const hasTransport = plan.transport !== 'activity_log';
  return `#!/usr/bin/env bash
# What cosmowatch needs in Azure, as commands of the Azure CLI (az login first).
#   PRINCIPAL_ID=OBJECT_ID bash setup.sh
# PRINCIPAL_ID: object id of the identity that cosmowatch runs as. Without it no
# role is given. Running it again changes nothing.
set -euo pipefail

PRINCIPAL_ID="\${PRINCIPAL_ID:-}"
SUBSCRIPTIONS=(
${plan.subscriptions.map((id) => `  '${id}'`).join('\n')}
)
${hasTransport ? transport(plan) : ''}
${roles(plan)}
echo 'Done. A new diagnostic setting may take 90 minutes to deliver its first record.'
`;
}

function transport(plan: Plan): string {
  const { create, target, read } = TRANSPORTS[plan.transport as keyof typeof TRANSPORTS](plan);
  return `SUBSCRIPTION='${plan.subscriptions[0]}'
GROUP='${plan.resourceGroup}'
# A hub or storage account must be in the region of the accounts that log to it.
LOCATION='${plan.location}'

az group create --subscription "$SUBSCRIPTION" --name "$GROUP" --location "$LOCATION" --output none

# What carries the logs.
${create}

# What each account logs.
${logs('ACCOUNT_LOGS', categoriesOf(plan))}
${accounts(plan)}
for account in "\${ACCOUNTS[@]}"; do
  echo "logs of $account"
  az monitor diagnostic-settings create --name '${namesOf(plan).setting}' --resource "$account" \\
    ${cliTarget(plan)} \\
    --logs "$ACCOUNT_LOGS" --output none
done

# The Activity Log of each subscription.
${logs('ACTIVITY_LOGS', ACTIVITY_CATEGORIES)}
for id in "\${SUBSCRIPTIONS[@]}"; do
  echo "Activity Log of $id"
  az rest --method put --output none \\
    --url "https://management.azure.com/subscriptions/$id/providers/Microsoft.Insights/diagnosticSettings/${namesOf(plan).setting}?api-version=2021-05-01-preview" \\
    --body "{\\"properties\\": {${target}, \\"logs\\": $ACTIVITY_LOGS}}"
done
${read}`;
}

function logs(variable: string, categories: readonly Category[]): string {
  const comments = categories.map(({ name, why }) => `#   ${name}: ${why}.`);
  const items = categories.map(({ name }) => `{"category": "${name}", "enabled": true}`);
  return `${comments.join('\n')}\n${variable}='[${items.join(', ')}]'`;
}

function accounts(plan: Plan): string {
  if (plan.accounts !== 'all') return `ACCOUNTS=(\n${plan.accounts.map((id) => `  '${id}'`).join('\n')}\n)`;
  return `ACCOUNTS=()
for id in "\${SUBSCRIPTIONS[@]}"; do
  while IFS= read -r account; do
    if [ -n "$account" ]; then ACCOUNTS+=("$account"); fi
  done < <(az cosmosdb list --subscription "$id" --query '[].id' --output tsv)
done`;
}

function cliTarget({ transport: kind }: Plan): string {
  switch (kind) {
    case 'event_hubs':
      return '--event-hub-rule "$WRITE_RULE" --event-hub "$HUB"';
    case 'blob':
      return '--storage-account "$STORAGE_ID"';
    case 'log_analytics':
      // Tables of their own (CDB...) instead of the shared AzureDiagnostics.
      return '--workspace "$WORKSPACE_ID" --export-to-resource-specific true';
    case 'activity_log':
      return '';
  }
}

function roles(plan: Plan): string {
  const role = namesOf(plan).role;
  const actions = ROLE_ACTIONS.map((action) => `\\"${action}\\"`).join(', ');
  return `# A role that reads the Activity Log. No keys, no connection strings, no changes.
for id in "\${SUBSCRIPTIONS[@]}"; do
  role="${role} ($id)"
  definition="{\\"Name\\": \\"$role\\", \\"Description\\": \\"Reads the Activity Log.\\", \\"Actions\\": [${actions}], \\"NotActions\\": [], \\"AssignableScopes\\": [\\"/subscriptions/$id\\"]}"
  if [ "$(az role definition list --subscription "$id" --name "$role" --query 'length(@)' --output tsv)" = 0 ]; then
    az role definition create --subscription "$id" --role-definition "$definition" --output none
  fi
  if [ -n "$PRINCIPAL_ID" ]; then
    az role assignment create --assignee-object-id "$PRINCIPAL_ID" --assignee-principal-type ServicePrincipal \\
      --role "$role" --scope "/subscriptions/$id" --output none
  fi
done
`;
}

interface Part {
  readonly create: string;
  /** In the body of a diagnostic setting. */
  readonly target: string;
  /** How cosmowatch is let in. */
  readonly read: string;
}

const TRANSPORTS: Readonly<Record<keyof typeof READER_ROLES, (plan: Plan) => Part>> = {
  event_hubs: eventHubs,
  blob,
  log_analytics: logAnalytics,
};

function reader(kind: keyof typeof READER_ROLES, scope: string): string {
  const { name } = READER_ROLES[kind];
  return `
# ${name}: reads what is in it, and nothing else.
if [ -n "$PRINCIPAL_ID" ]; then
  az role assignment create --assignee-object-id "$PRINCIPAL_ID" --assignee-principal-type ServicePrincipal \\
    --role '${name}' --scope "${scope}" --output none
fi
`;
}

function eventHubs(plan: Plan): Part {
  const names = namesOf(plan);
  const place = '--subscription "$SUBSCRIPTION" --resource-group "$GROUP" --namespace-name "$NAMESPACE"';
  const secret = `
# cosmowatch may only listen, and only to this hub. Its connection string is a
# secret: keep it as COSMOWATCH_HUB where the service finds its environment.
az eventhubs eventhub authorization-rule create ${place} \\
  --eventhub-name "$HUB" --name '${names.readRule}' --rights Listen --output none
echo 'The connection string for COSMOWATCH_HUB:'
echo "  az eventhubs eventhub authorization-rule keys list ${place.replaceAll('"', '')} --eventhub-name $HUB --name ${names.readRule} --query primaryConnectionString --output tsv"
`;
  return {
    create: `NAMESPACE='${names.namespace}'
HUB='${names.hub}'
# A namespace without throughput to spare loses logs, so it may grow.
az eventhubs namespace create --subscription "$SUBSCRIPTION" --resource-group "$GROUP" --name "$NAMESPACE" \\
  --location "$LOCATION" --sku Standard --capacity 1 --enable-auto-inflate true --maximum-throughput-units 4 --output none
az eventhubs eventhub create ${place} --name "$HUB" --partition-count 4 --output none
az eventhubs eventhub consumer-group create ${place} --eventhub-name "$HUB" --name '${names.consumerGroup}' --output none
# Azure Monitor writes with this rule; it needs all three rights. Nobody else is given it.
WRITE_RULE="$(az eventhubs namespace authorization-rule create ${place} \\
  --name '${names.writeRule}' --rights Manage Send Listen --query id --output tsv)"
${plan.auth === 'entra' ? `HUB_ID="$(az eventhubs eventhub show ${place} --name "$HUB" --query id --output tsv)"` : ''}`.trimEnd(),
    target: '\\"eventHubAuthorizationRuleId\\": \\"$WRITE_RULE\\", \\"eventHubName\\": \\"$HUB\\"',
    read: plan.auth === 'secret' ? secret : reader('event_hubs', '$HUB_ID'),
  };
}

function blob(plan: Plan): Part {
  const names = namesOf(plan);
  const secret = `
# cosmowatch reads with a SAS that may read and list. It is a secret: keep its
# address as COSMOWATCH_SAS_URL where the service finds its environment.
echo 'The SAS for COSMOWATCH_SAS_URL=https://${names.storage}.blob.core.windows.net/?SAS:'
echo "  az storage account generate-sas --account-name $STORAGE --services b --resource-types sco --permissions rl --https-only --expiry DATE --output tsv"
`;
  return {
    create: `STORAGE='${names.storage}'
STORAGE_ID="$(az storage account create --subscription "$SUBSCRIPTION" --resource-group "$GROUP" --name "$STORAGE" \\
  --location "$LOCATION" --sku Standard_LRS --min-tls-version TLS1_2 --allow-blob-public-access false --query id --output tsv)"`,
    target: '\\"storageAccountId\\": \\"$STORAGE_ID\\"',
    read: plan.auth === 'secret' ? secret : reader('blob', '$STORAGE_ID'),
  };
}

function logAnalytics(plan: Plan): Part {
  return {
    create: `WORKSPACE_ID="$(az monitor log-analytics workspace create --subscription "$SUBSCRIPTION" --resource-group "$GROUP" \\
  --workspace-name '${namesOf(plan).workspace}' --location "$LOCATION" --query id --output tsv)"`,
    target: '\\"workspaceId\\": \\"$WORKSPACE_ID\\"',
    read: `${reader('log_analytics', '$WORKSPACE_ID')}
echo 'The workspace for cosmowatch.yml:'
az monitor log-analytics workspace show --ids "$WORKSPACE_ID" --query customerId --output tsv
`,
  };
}
