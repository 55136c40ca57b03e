import { COLUMNS } from './sentinelRow.ts';

/** What rows are sent as, and the table that they come to. */
export const STREAM = 'Custom-CosmowatchAlerts';
const TABLE = 'CosmowatchAlerts_CL';

/**
 * The table, the rule and the role as Bicep; deploy/sentinel/cosmowatch.bicep is this text.
 * https://learn.microsoft.com/azure/azure-monitor/data-collection/data-collection-rule-structure
 */
export function sentinelBicep(): string {
  const column = (indent: string) => (one: (typeof COLUMNS)[number]) =>
    `${indent}{ name: '${one.name}', type: '${one.type}' }`;
  return `// The table that the receiver "sentinel" of cosmowatch writes to, the rule that takes its rows in, and who may send them.
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
  name: '${TABLE}'
  properties: {
    plan: 'Analytics'
    retentionInDays: retention
    schema: {
      name: '${TABLE}'
      columns: [
${COLUMNS.map(column('        ')).join('\n')}
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
      '${STREAM}': {
        columns: [
${COLUMNS.map(column('          ')).join('\n')}
        ]
      }
    }
    destinations: {
      logAnalytics: [{ workspaceResourceId: target.id, name: 'workspace' }]
    }
    dataFlows: [
      {
        streams: ['${STREAM}']
        destinations: ['workspace']
        transformKql: 'source'
        outputStream: 'Custom-${TABLE}'
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
`;
}
