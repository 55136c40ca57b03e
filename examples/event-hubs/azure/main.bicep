// What cosmowatch needs in Azure.
//   az deployment sub create --subscription 00000000-0000-0000-0000-0000000000aa --location westeurope \
//     --template-file main.bicep --parameters principalId=OBJECT_ID
targetScope = 'subscription'

@description('Object id of the identity that cosmowatch runs as. Empty: no role is given')
param principalId string = ''

@description('Subscriptions whose Activity Log is read')
param subscriptionIds array = [
  '00000000-0000-0000-0000-0000000000aa'
]

@description('Resource ids of the accounts that are to log')
param accountIds array = [
  '/subscriptions/00000000-0000-0000-0000-0000000000aa/resourceGroups/rg-shop/providers/Microsoft.DocumentDB/databaseAccounts/orders'
]

@description('A hub or storage account must be in the region of the accounts that log to it')
param location string = 'westeurope'

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: 'rg-cosmowatch'
  location: location
}

module transport 'transport.bicep' = {
  name: 'cosmowatch-transport'
  scope: group
  params: {
    location: location
    principalId: principalId
  }
}

module accounts 'account.bicep' = [for id in accountIds: {
  name: 'cosmowatch-${uniqueString(id)}'
  scope: resourceGroup(split(id, '/')[2], split(id, '/')[4])
  params: {
    accountName: last(split(id, '/'))
    target: transport.outputs.target
  }
}]

module subscriptions 'subscription.bicep' = [for id in subscriptionIds: {
  name: 'cosmowatch-${uniqueString(id)}'
  scope: subscription(id)
  params: {
    principalId: principalId
    target: transport.outputs.target
  }
}]
