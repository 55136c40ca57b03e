import { ACTIVITY_CATEGORIES, type Category, categoriesOf, READER_ROLES, ROLE_ACTIONS } from './categories.ts';
import { namesOf, type Plan } from './plan.ts';

/**
 * The same for Terraform, as one file. Arguments are those of the provider azurerm 4; without the provider at hand only its format
 * was checked.
 */
export function terraformText(plan: Plan): string {
  const hasTransport = plan.transport !== 'activity_log';
  return [head(plan), hasTransport ? transport(plan) : '', activityLog(plan), role(plan)].filter(Boolean).join('\n');
}

const quoted = (text: string): string => JSON.stringify(text);

/** `name = [...]`, as `terraform fmt` lays it out: what goes over several lines is not aligned. @param width of the names around it */
function list(name: string, width: number, items: readonly string[], indent: string): string {
  if (items.length === 0) return `${name.padEnd(width)} = []`;
  return `${name} = [\n${items.map((one) => `${indent}  ${quoted(one)},`).join('\n')}\n${indent}]`;
}

function head(plan: Plan): string {
  return `# What cosmowatch needs in Azure.
#   terraform init && terraform apply -var principal_id=OBJECT_ID
terraform {
  required_version = ">= 1.5"
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "~> 4.0"
    }
  }
}

provider "azurerm" {
  features {}
  subscription_id = ${quoted(plan.subscriptions[0]!)}
}

variable "principal_id" {
  description = "Object id of the identity that cosmowatch runs as. Empty: no role is given"
  type        = string
  default     = ""
}

variable "subscription_ids" {
  description = "Subscriptions whose Activity Log is read"
  type        = set(string)
  ${list('default', 11, plan.subscriptions, '  ')}
}
`;
}

function transport(plan: Plan): string {
  const { accounts, transport: kind, auth } = plan;
  if (kind === 'activity_log') return '';
  const { resources, scope, output } = TRANSPORTS[kind](plan);
  const reader = `
# Reads what is in it, and nothing else.
resource "azurerm_role_assignment" "reader" {
  count                = var.principal_id == "" ? 0 : 1
  scope                = ${scope}
  role_definition_name = ${quoted(READER_ROLES[kind].name)}
  principal_id         = var.principal_id
}
`;
  const how = accounts === 'all' ? ': az cosmosdb list --query [].id --output json' : '';
  return `variable "account_ids" {
  description = "Resource ids of the accounts that are to log${how}"
  type        = set(string)
  ${list('default', 11, accounts === 'all' ? [] : accounts, '  ')}
}

# A hub or storage account must be in the region of the accounts that log to it.
variable "location" {
  type    = string
  default = ${quoted(plan.location)}
}

resource "azurerm_resource_group" "cosmowatch" {
  name     = ${quoted(plan.resourceGroup)}
  location = var.location
}

${resources}${auth === 'entra' || kind === 'log_analytics' ? reader : ''}
resource "azurerm_monitor_diagnostic_setting" "account" {
  for_each           = var.account_ids
  name               = ${quoted(namesOf(plan).setting)}
  target_resource_id = each.value
${targetOf(plan, true)}
${logs(categoriesOf(plan))}
}
${output}`;
}

function logs(categories: readonly Category[]): string {
  return categories
    .map(({ name, why }) => `\n  # ${why}.\n  enabled_log {\n    category = ${quoted(name)}\n  }`)
    .join('\n');
}

function targetOf({ transport: kind }: Plan, isAccount: boolean): string {
  switch (kind) {
    case 'event_hubs':
      return `
  eventhub_authorization_rule_id = azurerm_eventhub_namespace_authorization_rule.write.id
  eventhub_name                  = azurerm_eventhub.logs.name`;
    case 'blob':
      return '\n  storage_account_id = azurerm_storage_account.logs.id';
    case 'log_analytics':
      return `
  log_analytics_workspace_id = azurerm_log_analytics_workspace.logs.id${
    isAccount
      ? `

  # Tables of their own (CDB...) instead of the shared AzureDiagnostics.
  log_analytics_destination_type = "Dedicated"`
      : ''
  }`;
    case 'activity_log':
      return '';
  }
}

function activityLog(plan: Plan): string {
  if (plan.transport === 'activity_log') return '';
  return `resource "azurerm_monitor_diagnostic_setting" "activity_log" {
  for_each           = var.subscription_ids
  name               = ${quoted(namesOf(plan).setting)}
  target_resource_id = "/subscriptions/\${each.value}"
${targetOf(plan, false)}
${logs(ACTIVITY_CATEGORIES)}
}
`;
}

function role(plan: Plan): string {
  return `# Reads the Activity Log. No keys, no connection strings, no changes.
resource "azurerm_role_definition" "reader" {
  for_each    = var.subscription_ids
  name        = "${namesOf(plan).role} (\${each.value})"
  scope       = "/subscriptions/\${each.value}"
  description = "Reads the Activity Log. No keys, no connection strings, no changes."

  permissions {
    ${list('actions', 11, ROLE_ACTIONS, '    ')}
    not_actions = []
  }

  assignable_scopes = ["/subscriptions/\${each.value}"]
}

resource "azurerm_role_assignment" "activity_log" {
  for_each           = var.principal_id == "" ? toset([]) : var.subscription_ids
  scope              = "/subscriptions/\${each.value}"
  role_definition_id = azurerm_role_definition.reader[each.value].role_definition_resource_id
  principal_id       = var.principal_id
}
`;
}

interface Part {
  readonly resources: string;
  /** What cosmowatch reads from. */
  readonly scope: string;
  readonly output: string;
}

const TRANSPORTS: Readonly<Record<keyof typeof READER_ROLES, (plan: Plan) => Part>> = {
  event_hubs: eventHubs,
  blob,
  log_analytics: logAnalytics,
};

function eventHubs(plan: Plan): Part {
  const names = namesOf(plan);
  const place = `namespace_name      = azurerm_eventhub_namespace.logs.name
  resource_group_name = azurerm_resource_group.cosmowatch.name`;
  const listen = `
# cosmowatch may only listen, and only to this hub.
resource "azurerm_eventhub_authorization_rule" "listen" {
  name                = ${quoted(names.readRule)}
  eventhub_name       = azurerm_eventhub.logs.name
  ${place}
  listen              = true
}
`;
  return {
    scope: 'azurerm_eventhub.logs.id',
    output: '',
    resources: `resource "azurerm_eventhub_namespace" "logs" {
  name                = ${quoted(names.namespace)}
  location            = var.location
  resource_group_name = azurerm_resource_group.cosmowatch.name
  sku                 = "Standard"
  capacity            = 1
  minimum_tls_version = "1.2"

  # A namespace without throughput to spare loses logs.
  auto_inflate_enabled     = true
  maximum_throughput_units = 4
}

# Azure Monitor writes with this rule; it needs all three rights. Nobody else is given it.
resource "azurerm_eventhub_namespace_authorization_rule" "write" {
  name                = ${quoted(names.writeRule)}
  ${place}
  listen              = true
  send                = true
  manage              = true
}

resource "azurerm_eventhub" "logs" {
  name                = ${quoted(names.hub)}
  ${place}
  partition_count     = 4
  message_retention   = 7
}

resource "azurerm_eventhub_consumer_group" "cosmowatch" {
  name                = ${quoted(names.consumerGroup)}
  eventhub_name       = azurerm_eventhub.logs.name
  ${place}
}
${plan.auth === 'secret' ? listen : ''}`,
  };
}

function blob(plan: Plan): Part {
  return {
    scope: 'azurerm_storage_account.logs.id',
    output: '',
    resources: `resource "azurerm_storage_account" "logs" {
  name                            = ${quoted(namesOf(plan).storage)}
  location                        = var.location
  resource_group_name             = azurerm_resource_group.cosmowatch.name
  account_tier                    = "Standard"
  account_replication_type        = "LRS"
  min_tls_version                 = "TLS1_2"
  allow_nested_items_to_be_public = false
}
`,
  };
}

function logAnalytics(plan: Plan): Part {
  return {
    scope: 'azurerm_log_analytics_workspace.logs.id',
    output: `
output "workspace_id" {
  value = azurerm_log_analytics_workspace.logs.workspace_id
}
`,
    resources: `resource "azurerm_log_analytics_workspace" "logs" {
  name                = ${quoted(namesOf(plan).workspace)}
  location            = var.location
  resource_group_name = azurerm_resource_group.cosmowatch.name
  sku                 = "PerGB2018"
  retention_in_days   = 30
}
`,
  };
}
