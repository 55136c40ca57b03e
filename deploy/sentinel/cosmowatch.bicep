// The table that the receiver "sentinel" of cosmowatch writes to, the rule that takes its rows in, and who may send them.
// az deployment group create -g RESOURCE-GROUP -f cosmowatch.bicep -p workspace=NAME principal=OBJECT-ID

@description('Name of the Log Analytics workspace, in this resource group')
param workspace string

@description('Object id of the identity that cosmowatch runs as')
param principal string

@description('Region of the workspace')
param location string = resourceGroup().location

@description('Days that alerts are kept')
param retention int = 90

resource target 'Microsoft.OperationalInsights/workspaces@2022-10-01' existing = {
  name: workspace
}

resource alerts 'Microsoft.OperationalInsights/workspaces/tables@2022-10-01' = {
  parent: target
  name: 'CosmowatchAlerts_CL'
  properties: {
    plan: 'Analytics'
    retentionInDays: retention
    schema: {
      name: 'CosmowatchAlerts_CL'
      columns: [
        { name: 'TimeGenerated', type: 'datetime' }
        { name: 'AlertId', type: 'string' }
        { name: 'AlertRevision', type: 'int' }
        { name: 'AlertChange', type: 'string' }
        { name: 'Headline', type: 'string' }
        { name: 'RuleName', type: 'string' }
        { name: 'RuleId', type: 'string' }
        { name: 'AlertTitle', type: 'string' }
        { name: 'SettledId', type: 'string' }
        { name: 'AlertLevel', type: 'string' }
        { name: 'AlertStatus', type: 'string' }
        { name: 'Resolution', type: 'string' }
        { name: 'AccountId', type: 'string' }
        { name: 'AccountName', type: 'string' }
        { name: 'GroupKey', type: 'dynamic' }
        { name: 'FirstSeen', type: 'datetime' }
        { name: 'LastSeen', type: 'datetime' }
        { name: 'EventCount', type: 'long' }
        { name: 'Actors', type: 'dynamic' }
        { name: 'Caller', type: 'string' }
        { name: 'SourceIps', type: 'dynamic' }
        { name: 'Targets', type: 'dynamic' }
        { name: 'SettingChanges', type: 'dynamic' }
        { name: 'Attack', type: 'dynamic' }
        { name: 'Published', type: 'dynamic' }
        { name: 'Evidence', type: 'dynamic' }
        { name: 'Reason', type: 'string' }
        { name: 'Routine', type: 'dynamic' }
        { name: 'Story', type: 'dynamic' }
        { name: 'InhibitedBy', type: 'dynamic' }
        { name: 'LevelReason', type: 'string' }
        { name: 'ChangedBy', type: 'string' }
        { name: 'AlertUrl', type: 'string' }
        { name: 'Truncated', type: 'boolean' }
      ]
    }
  }
}

resource collection 'Microsoft.Insights/dataCollectionRules@2023-03-11' = {
  name: 'cosmowatch-alerts'
  location: location
  kind: 'Direct'
  dependsOn: [alerts]
  properties: {
    streamDeclarations: {
      'Custom-CosmowatchAlerts': {
        columns: [
          { name: 'TimeGenerated', type: 'datetime' }
          { name: 'AlertId', type: 'string' }
          { name: 'AlertRevision', type: 'int' }
          { name: 'AlertChange', type: 'string' }
          { name: 'Headline', type: 'string' }
          { name: 'RuleName', type: 'string' }
          { name: 'RuleId', type: 'string' }
          { name: 'AlertTitle', type: 'string' }
          { name: 'SettledId', type: 'string' }
          { name: 'AlertLevel', type: 'string' }
          { name: 'AlertStatus', type: 'string' }
          { name: 'Resolution', type: 'string' }
          { name: 'AccountId', type: 'string' }
          { name: 'AccountName', type: 'string' }
          { name: 'GroupKey', type: 'dynamic' }
          { name: 'FirstSeen', type: 'datetime' }
          { name: 'LastSeen', type: 'datetime' }
          { name: 'EventCount', type: 'long' }
          { name: 'Actors', type: 'dynamic' }
          { name: 'Caller', type: 'string' }
          { name: 'SourceIps', type: 'dynamic' }
          { name: 'Targets', type: 'dynamic' }
          { name: 'SettingChanges', type: 'dynamic' }
          { name: 'Attack', type: 'dynamic' }
          { name: 'Published', type: 'dynamic' }
          { name: 'Evidence', type: 'dynamic' }
          { name: 'Reason', type: 'string' }
          { name: 'Routine', type: 'dynamic' }
          { name: 'Story', type: 'dynamic' }
          { name: 'InhibitedBy', type: 'dynamic' }
          { name: 'LevelReason', type: 'string' }
          { name: 'ChangedBy', type: 'string' }
          { name: 'AlertUrl', type: 'string' }
          { name: 'Truncated', type: 'boolean' }
        ]
      }
    }
    destinations: {
      logAnalytics: [{ workspaceResourceId: target.id, name: 'workspace' }]
    }
    dataFlows: [
      {
        streams: ['Custom-CosmowatchAlerts']
        destinations: ['workspace']
        transformKql: 'source'
        outputStream: 'Custom-CosmowatchAlerts_CL'
      }
    ]
  }
}

// Monitoring Metrics Publisher: all that sending rows needs.
var publisher = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '3913510d-42f4-4e42-8a64-420c390055eb')

resource sender 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(collection.id, principal, publisher)
  scope: collection
  properties: {
    roleDefinitionId: publisher
    principalId: principal
    principalType: 'ServicePrincipal'
  }
}

output url string = collection.properties.endpoints.logsIngestion
output rule string = collection.properties.immutableId
