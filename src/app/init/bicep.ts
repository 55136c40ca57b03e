import { ACTIVITY_CATEGORIES, type Category, categoriesOf, READER_ROLES, ROLE_ACTIONS } from './categories.ts';
import { namesOf, type Plan } from './plan.ts';

/**
 * Bicep in as many files as there are scopes. Written without a compiler at hand: `az bicep build` says whether it compiles.
 * API versions are ones that public templates use; that they go together is unconfirmed.
 */
export function bicepFiles(plan: Plan): ReadonlyMap<string, string> {
  const files: [string, string][] = [
    ['main.bicep', main(plan)],
    ['subscription.bicep', subscription(plan)],
  ];
  if (plan.transport !== 'activity_log')
    files.push(['transport.bicep', transport(plan)], ['account.bicep', account(plan)]);
  return new Map(files);
}

const list = (items: readonly string[], indent: string): string =>
  items.length === 0 ? '[]' : `[\n${items.map((item) => `${indent}  '${item}'`).join('\n')}\n${indent}]`;

function main(plan: Plan): string {
  const hasTransport = plan.transport !== 'activity_log';
  return `// What cosmowatch needs in Azure.
//   az deployment sub create --subscription ${plan.subscriptions[0]} --location ${plan.location} \\
//     --template-file main.bicep --parameters principalId=OBJECT_ID
targetScope = 'subscription'

@description('Object id of the identity that cosmowatch runs as. Empty: no role is given')
param principalId string = ''

@description('Subscriptions whose Activity Log is read')
param subscriptionIds array = ${list(plan.subscriptions, '')}
${hasTransport ? mainTransport(plan) : ''}
module subscriptions 'subscription.bicep' = [for id in subscriptionIds: {
  name: '${plan.name}-\${uniqueString(id)}'
  scope: subscription(id)
  params: {
    principalId: principalId${hasTransport ? '\n    target: transport.outputs.target' : ''}
  }
}]
${plan.transport === 'log_analytics' ? '\noutput workspaceId string = transport.outputs.workspaceId\n' : ''}`;
}

function mainTransport(plan: Plan): string {
  const { accounts } = plan;
  const how = accounts === 'all' ? `: az cosmosdb list --query "[].id" --output json` : '';
  return `
@description('Resource ids of the accounts that are to log${how}')
param accountIds array = ${list(accounts === 'all' ? [] : accounts, '')}

@description('A hub or storage account must be in the region of the accounts that log to it')
param location string = '${plan.location}'

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: '${plan.resourceGroup}'
  location: location
}

module transport 'transport.bicep' = {
  name: '${plan.name}-transport'
  scope: group
  params: {
    location: location
    principalId: principalId
  }
}

module accounts 'account.bicep' = [for id in accountIds: {
  name: '${plan.name}-\${uniqueString(id)}'
  scope: resourceGroup(split(id, '/')[2], split(id, '/')[4])
  params: {
    accountName: last(split(id, '/'))
    target: transport.outputs.target
  }
}]
`;
}

function logs(categories: readonly Category[]): string {
  return categories
    .map(({ name, why }) => `      // ${why}.\n      {\n        category: '${name}'\n        enabled: true\n      }`)
    .join('\n');
}

function subscription(plan: Plan): string {
  const hasTransport = plan.transport !== 'activity_log';
  const actions = ROLE_ACTIONS.map((action) => `          '${action}'`).join('\n');
  const setting = `
@description('Where diagnostic settings write to')
param target object

resource activityLog 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: '${namesOf(plan).setting}'
  properties: union(target, {
    logs: [
${logs(ACTIVITY_CATEGORIES)}
    ]
  })
}
`;
  return `// Of one subscription: ${hasTransport ? 'its Activity Log, and ' : ''}a role that may read the Activity Log, and nothing else.
targetScope = 'subscription'

param principalId string
${hasTransport ? setting : ''}
resource role 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(subscription().id, '${plan.name}')
  properties: {
    roleName: '${namesOf(plan).role} (\${subscription().subscriptionId})'
    description: 'Reads the Activity Log. No keys, no connection strings, no changes.'
    type: 'CustomRole'
    permissions: [
      {
        actions: [
${actions}
        ]
        notActions: []
        dataActions: []
      }
    ]
    assignableScopes: [subscription().id]
  }
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(principalId)) {
  name: guid(subscription().id, principalId, '${plan.name}')
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: role.id
  }
}
`;
}

const DEDICATED = `
    // Tables of their own (CDB...) instead of the shared AzureDiagnostics.
    logAnalyticsDestinationType: 'Dedicated'`;

function account(plan: Plan): string {
  return `// Of one account: which logs it writes.
param accountName string
param target object

resource account 'Microsoft.DocumentDB/databaseAccounts@2025-10-15' existing = {
  name: accountName
}

resource setting 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: '${namesOf(plan).setting}'
  scope: account
  properties: union(target, {${plan.transport === 'log_analytics' ? DEDICATED : ''}
    logs: [
${logs(categoriesOf(plan))}
    ]
  })
}
`;
}

function transport(plan: Plan): string {
  const { transport: kind } = plan;
  if (kind === 'activity_log') return '';
  const { resource, symbol, target, more } = TRANSPORTS[kind](plan);
  const { name, id } = READER_ROLES[kind];
  const assignment = `
// ${name}: reads what is in it, and nothing else.
resource reader 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(principalId)) {
  name: guid(${symbol}.id, principalId, '${id}')
  scope: ${symbol}
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '${id}')
  }
}
`;
  return `// What carries the logs.
param location string
param principalId string

${resource}${plan.auth === 'entra' || kind === 'log_analytics' ? assignment : ''}
output target object = {
${target}
}
${more}`;
}

interface Part {
  readonly resource: string;
  /** What cosmowatch reads from. */
  readonly symbol: string;
  readonly target: string;
  readonly more: string;
}

const TRANSPORTS: Readonly<Record<keyof typeof READER_ROLES, (plan: Plan) => Part>> = {
  event_hubs: eventHubs,
  blob,
  log_analytics: logAnalytics,
};

function eventHubs(plan: Plan): Part {
  const names = namesOf(plan);
  const listen = `
// cosmowatch may only listen, and only to this hub.
resource listen 'Microsoft.EventHub/namespaces/eventhubs/authorizationRules@2024-01-01' = {
  parent: hub
  name: '${names.readRule}'
  properties: {
    rights: ['Listen']
  }
}
`;
  return {
    symbol: 'hub',
    resource: `resource namespace 'Microsoft.EventHub/namespaces@2024-01-01' = {
  name: '${names.namespace}'
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
  name: '${names.writeRule}'
  properties: {
    rights: ['Manage', 'Send', 'Listen']
  }
}

resource hub 'Microsoft.EventHub/namespaces/eventhubs@2024-01-01' = {
  parent: namespace
  name: '${names.hub}'
  properties: {
    partitionCount: 4
    messageRetentionInDays: 7
  }
}

resource group 'Microsoft.EventHub/namespaces/eventhubs/consumergroups@2024-01-01' = {
  parent: hub
  name: '${names.consumerGroup}'
}
${plan.auth === 'secret' ? listen : ''}`,
    target: `  eventHubAuthorizationRuleId: write.id
  eventHubName: hub.name`,
    more: '',
  };
}

function blob(plan: Plan): Part {
  return {
    symbol: 'storage',
    resource: `resource storage 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: '${namesOf(plan).storage}'
  location: location
  kind: 'StorageV2'
  sku: {
    name: 'Standard_LRS'
  }
  properties: {
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    allowBlobPublicAccess: false
  }
}
`,
    target: '  storageAccountId: storage.id',
    more: '',
  };
}

function logAnalytics(plan: Plan): Part {
  return {
    symbol: 'workspace',
    resource: `resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: '${namesOf(plan).workspace}'
  location: location
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: 30
  }
}
`,
    target: '  workspaceId: workspace.id',
    more: '\noutput workspaceId string = workspace.properties.customerId\n',
  };
}
