// What carries the logs.
param location string
param principalId string

resource namespace 'Microsoft.EventHub/namespaces@2024-01-01' = {
  name: 'cosmowatch-1b41b1'
  location: location
  sku: {
    name: 'Standard'
    tier: 'Standard'
    capacity: 1
  }
  properties: {
    minimumTlsVersion: '1.2'
    // A namespace without throughput to spare loses logs.
    isAutoInflateEnabled: true
    maximumThroughputUnits: 4
  }
}

// Azure Monitor writes with this rule; it needs all three rights. Nobody else is given it.
resource write 'Microsoft.EventHub/namespaces/authorizationRules@2024-01-01' = {
  parent: namespace
  name: 'azure-monitor'
  properties: {
    rights: ['Manage', 'Send', 'Listen']
  }
}

resource hub 'Microsoft.EventHub/namespaces/eventhubs@2024-01-01' = {
  parent: namespace
  name: 'cosmowatch-logs'
  properties: {
    partitionCount: 4
    messageRetentionInDays: 7
  }
}

resource group 'Microsoft.EventHub/namespaces/eventhubs/consumergroups@2024-01-01' = {
  parent: hub
  name: 'cosmowatch'
}

// Azure Event Hubs Data Receiver: reads what is in it, and nothing else.
resource reader 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(principalId)) {
  name: guid(hub.id, principalId, 'a638d3c7-ab3a-418d-83e6-5f17a39d4fde')
  scope: hub
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'a638d3c7-ab3a-418d-83e6-5f17a39d4fde')
  }
}

output target object = {
  eventHubAuthorizationRuleId: write.id
  eventHubName: hub.name
}
