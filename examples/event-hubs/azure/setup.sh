#!/usr/bin/env bash
# What cosmowatch needs in Azure, as commands of the Azure CLI (az login first).
#   PRINCIPAL_ID=OBJECT_ID bash setup.sh
# PRINCIPAL_ID: object id of the identity that cosmowatch runs as. Without it no
# role is given. Running it again changes nothing.
set -euo pipefail

PRINCIPAL_ID="${PRINCIPAL_ID:-}"
SUBSCRIPTIONS=(
  '00000000-0000-0000-0000-0000000000aa'
)
SUBSCRIPTION='00000000-0000-0000-0000-0000000000aa'
GROUP='rg-cosmowatch'
# A hub or storage account must be in the region of the accounts that log to it.
LOCATION='westeurope'

az group create --subscription "$SUBSCRIPTION" --name "$GROUP" --location "$LOCATION" --output none

# What carries the logs.
NAMESPACE='cosmowatch-1b41b1'
HUB='cosmowatch-logs'
# A namespace without throughput to spare loses logs, so it may grow.
az eventhubs namespace create --subscription "$SUBSCRIPTION" --resource-group "$GROUP" --name "$NAMESPACE" \
  --location "$LOCATION" --sku Standard --capacity 1 --enable-auto-inflate true --maximum-throughput-units 4 --output none
az eventhubs eventhub create --subscription "$SUBSCRIPTION" --resource-group "$GROUP" --namespace-name "$NAMESPACE" --name "$HUB" --partition-count 4 --output none
az eventhubs eventhub consumer-group create --subscription "$SUBSCRIPTION" --resource-group "$GROUP" --namespace-name "$NAMESPACE" --eventhub-name "$HUB" --name 'cosmowatch' --output none
# Azure Monitor writes with this rule; it needs all three rights. Nobody else is given it.
WRITE_RULE="$(az eventhubs namespace authorization-rule create --subscription "$SUBSCRIPTION" --resource-group "$GROUP" --namespace-name "$NAMESPACE" \
  --name 'azure-monitor' --rights Manage Send Listen --query id --output tsv)"
HUB_ID="$(az eventhubs eventhub show --subscription "$SUBSCRIPTION" --resource-group "$GROUP" --namespace-name "$NAMESPACE" --name "$HUB" --query id --output tsv)"

# What each account logs.
#   ControlPlaneRequests: Changes of the account: few records, so it costs next to nothing. Most rules need it.
#   DataPlaneRequests: Every request with caller and address: by far the most records, so by far the most expensive. Rules about items need it.
ACCOUNT_LOGS='[{"category": "ControlPlaneRequests", "enabled": true}, {"category": "DataPlaneRequests", "enabled": true}]'
ACCOUNTS=(
  '/subscriptions/00000000-0000-0000-0000-0000000000aa/resourceGroups/rg-shop/providers/Microsoft.DocumentDB/databaseAccounts/orders'
)
for account in "${ACCOUNTS[@]}"; do
  echo "logs of $account"
  az monitor diagnostic-settings create --name 'cosmowatch' --resource "$account" \
    --event-hub-rule "$WRITE_RULE" --event-hub "$HUB" \
    --logs "$ACCOUNT_LOGS" --output none
done

# The Activity Log of each subscription.
#   Administrative: Everything done through Azure Resource Manager: keys, firewalls, locks, diagnostic settings, key vaults, backups.
#   Policy: What Azure Policy did and refused.
ACTIVITY_LOGS='[{"category": "Administrative", "enabled": true}, {"category": "Policy", "enabled": true}]'
for id in "${SUBSCRIPTIONS[@]}"; do
  echo "Activity Log of $id"
  az rest --method put --output none \
    --url "https://management.azure.com/subscriptions/$id/providers/Microsoft.Insights/diagnosticSettings/cosmowatch?api-version=2021-05-01-preview" \
    --body "{\"properties\": {\"eventHubAuthorizationRuleId\": \"$WRITE_RULE\", \"eventHubName\": \"$HUB\", \"logs\": $ACTIVITY_LOGS}}"
done

# Azure Event Hubs Data Receiver: reads what is in it, and nothing else.
if [ -n "$PRINCIPAL_ID" ]; then
  az role assignment create --assignee-object-id "$PRINCIPAL_ID" --assignee-principal-type ServicePrincipal \
    --role 'Azure Event Hubs Data Receiver' --scope "$HUB_ID" --output none
fi

# A role that reads the Activity Log. No keys, no connection strings, no changes.
for id in "${SUBSCRIPTIONS[@]}"; do
  role="cosmowatch reader of activity logs ($id)"
  definition="{\"Name\": \"$role\", \"Description\": \"Reads the Activity Log.\", \"Actions\": [\"Microsoft.Insights/eventtypes/values/read\"], \"NotActions\": [], \"AssignableScopes\": [\"/subscriptions/$id\"]}"
  if [ "$(az role definition list --subscription "$id" --name "$role" --query 'length(@)' --output tsv)" = 0 ]; then
    az role definition create --subscription "$id" --role-definition "$definition" --output none
  fi
  if [ -n "$PRINCIPAL_ID" ]; then
    az role assignment create --assignee-object-id "$PRINCIPAL_ID" --assignee-principal-type ServicePrincipal \
      --role "$role" --scope "/subscriptions/$id" --output none
  fi
done

echo 'Done. A new diagnostic setting may take 90 minutes to deliver its first record.'
