// Of one subscription: its Activity Log, and a role that may read the Activity Log, and nothing else.
targetScope = 'subscription'

param principalId string

@description('Where diagnostic settings write to')
param target object

resource activityLog 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'cosmowatch'
  properties: union(target, {
    logs: [
      // Everything done through Azure Resource Manager: keys, firewalls, locks, diagnostic settings, key vaults, backups.
      {
        category: 'Administrative'
        enabled: true
      }
      // What Azure Policy did and refused.
      {
        category: 'Policy'
        enabled: true
      }
    ]
  })
}

resource role 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(subscription().id, 'cosmowatch')
  properties: {
    roleName: 'cosmowatch reader of activity logs (${subscription().subscriptionId})'
    description: 'Reads the Activity Log. No keys, no connection strings, no changes.'
    type: 'CustomRole'
    permissions: [
      {
        actions: [
          'Microsoft.Insights/eventtypes/values/read'
        ]
        notActions: []
        dataActions: []
      }
    ]
    assignableScopes: [subscription().id]
  }
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(principalId)) {
  name: guid(subscription().id, principalId, 'cosmowatch')
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: role.id
  }
}
