// Of one account: which logs it writes.
param accountName string
param target object

resource account 'Microsoft.DocumentDB/databaseAccounts@2025-10-15' existing = {
  name: accountName
}

resource setting 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'cosmowatch'
  scope: account
  properties: union(target, {
    logs: [
      // Changes of the account: few records, so it costs next to nothing. Most rules need it.
      {
        category: 'ControlPlaneRequests'
        enabled: true
      }
      // Every request with caller and address: by far the most records, so by far the most expensive. Rules about items need it.
      {
        category: 'DataPlaneRequests'
        enabled: true
      }
    ]
  })
}
