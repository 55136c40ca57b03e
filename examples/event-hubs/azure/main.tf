# What cosmowatch needs in Azure.
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
  subscription_id = "00000000-0000-0000-0000-0000000000aa"
}

variable "principal_id" {
  description = "Object id of the identity that cosmowatch runs as. Empty: no role is given"
  type        = string
  default     = ""
}

variable "subscription_ids" {
  description = "Subscriptions whose Activity Log is read"
  type        = set(string)
  default = [
    "00000000-0000-0000-0000-0000000000aa",
  ]
}

variable "account_ids" {
  description = "Resource ids of the accounts that are to log"
  type        = set(string)
  default = [
    "/subscriptions/00000000-0000-0000-0000-0000000000aa/resourceGroups/rg-shop/providers/Microsoft.DocumentDB/databaseAccounts/orders",
  ]
}

# A hub or storage account must be in the region of the accounts that log to it.
variable "location" {
  type    = string
  default = "westeurope"
}

resource "azurerm_resource_group" "cosmowatch" {
  name     = "rg-cosmowatch"
  location = var.location
}

resource "azurerm_eventhub_namespace" "logs" {
  name                = "cosmowatch-1b41b1"
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
  name                = "azure-monitor"
  namespace_name      = azurerm_eventhub_namespace.logs.name
  resource_group_name = azurerm_resource_group.cosmowatch.name
  listen              = true
  send                = true
  manage              = true
}

resource "azurerm_eventhub" "logs" {
  name                = "cosmowatch-logs"
  namespace_name      = azurerm_eventhub_namespace.logs.name
  resource_group_name = azurerm_resource_group.cosmowatch.name
  partition_count     = 4
  message_retention   = 7
}

resource "azurerm_eventhub_consumer_group" "cosmowatch" {
  name                = "cosmowatch"
  eventhub_name       = azurerm_eventhub.logs.name
  namespace_name      = azurerm_eventhub_namespace.logs.name
  resource_group_name = azurerm_resource_group.cosmowatch.name
}

# Reads what is in it, and nothing else.
resource "azurerm_role_assignment" "reader" {
  count                = var.principal_id == "" ? 0 : 1
  scope                = azurerm_eventhub.logs.id
  role_definition_name = "Azure Event Hubs Data Receiver"
  principal_id         = var.principal_id
}

resource "azurerm_monitor_diagnostic_setting" "account" {
  for_each           = var.account_ids
  name               = "cosmowatch"
  target_resource_id = each.value

  eventhub_authorization_rule_id = azurerm_eventhub_namespace_authorization_rule.write.id
  eventhub_name                  = azurerm_eventhub.logs.name

  # Changes of the account: few records, so it costs next to nothing. Most rules need it.
  enabled_log {
    category = "ControlPlaneRequests"
  }

  # Every request with caller and address: by far the most records, so by far the most expensive. Rules about items need it.
  enabled_log {
    category = "DataPlaneRequests"
  }
}

resource "azurerm_monitor_diagnostic_setting" "activity_log" {
  for_each           = var.subscription_ids
  name               = "cosmowatch"
  target_resource_id = "/subscriptions/${each.value}"

  eventhub_authorization_rule_id = azurerm_eventhub_namespace_authorization_rule.write.id
  eventhub_name                  = azurerm_eventhub.logs.name

  # Everything done through Azure Resource Manager: keys, firewalls, locks, diagnostic settings, key vaults, backups.
  enabled_log {
    category = "Administrative"
  }

  # What Azure Policy did and refused.
  enabled_log {
    category = "Policy"
  }
}

# Reads the Activity Log. No keys, no connection strings, no changes.
resource "azurerm_role_definition" "reader" {
  for_each    = var.subscription_ids
  name        = "cosmowatch reader of activity logs (${each.value})"
  scope       = "/subscriptions/${each.value}"
  description = "Reads the Activity Log. No keys, no connection strings, no changes."

  permissions {
    actions = [
      "Microsoft.Insights/eventtypes/values/read",
    ]
    not_actions = []
  }

  assignable_scopes = ["/subscriptions/${each.value}"]
}

resource "azurerm_role_assignment" "activity_log" {
  for_each           = var.principal_id == "" ? toset([]) : var.subscription_ids
  scope              = "/subscriptions/${each.value}"
  role_definition_id = azurerm_role_definition.reader[each.value].role_definition_resource_id
  principal_id       = var.principal_id
}
