// The key service on Azure Container Apps: HTTPS at an address of its own, the export from a file share, its keys from a key vault, and no secret in any setting.
targetScope = 'resourceGroup'

@description('Name of the app, and beginning of the names of what belongs to it.')
@minLength(3)
@maxLength(24)
param name string = 'ams-keys'

param location string = resourceGroup().location

@description('Image of src/AmsMigration.KeyService/Dockerfile, e.g. contoso.azurecr.io/amsmigrate-keys:1.')
param image string

@description('Azure container registry in this resource group that holds the image. Empty: the image is public.')
param registryName string = ''

@description('Key vault in this resource group with the exported keys (Export-AmsAssetMetadata -KeyVaultUri) or with the passphrase. It has to use role-based access.')
param keyVaultName string

@description('Secret of the vault with the passphrase of an export whose keys are in files. Empty: the keys themselves are in the vault.')
param passphraseSecretName string = ''

@description('Storage account in this resource group with the file share that the export was copied to.')
param storageAccountName string

param shareName string = 'export'

@description('Folder of the share that the export is in. Empty: the share itself.')
param exportFolder string = ''

@description('Origins whose pages may ask for keys, e.g. https://www.contoso.com.')
param origins string[] = ['*']

@description('Of one address, at one replica.')
@minValue(1)
param requestsPerMinute int = 600

@description('Requests and uses of tokens (maxuses) are counted by each replica for itself: where they have to be exact, let there be one.')
@minValue(1)
param maxReplicas int = 3

@description('Where the container writes its log.')
param logRetentionInDays int = 30

var exportVolume = 'export'
var exportPath = '/export'
var exportStorage = 'export'
var passphraseSecret = 'passphrase'
var keyVaultSecretsUser = '4633458b-17de-408a-b874-0445c86b69e6'
var acrPull = '7f951dda-4ed3-4680-a7ca-43fe172d538d'

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: name
  location: location
}

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' existing = {
  name: keyVaultName
}

resource readsSecrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, identity.id, keyVaultSecretsUser)
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', keyVaultSecretsUser)
  }
}

resource registry 'Microsoft.ContainerRegistry/registries@2023-07-01' existing = if (!empty(registryName)) {
  name: registryName
}

resource pullsImage 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(registryName)) {
  scope: registry
  name: guid(resourceGroup().id, registryName, identity.id, acrPull)
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', acrPull)
  }
}

resource storage 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: storageAccountName
}

resource logs 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: '${name}-logs'
  location: location
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: logRetentionInDays
  }
}

resource managedEnvironment 'Microsoft.App/managedEnvironments@2024-03-01' = {
  name: '${name}-environment'
  location: location
  properties: {
    appLogsConfiguration: {
      destination: 'log-analytics'
      logAnalyticsConfiguration: {
        customerId: logs.properties.customerId
        sharedKey: logs.listKeys().primarySharedKey
      }
    }
  }

  resource share 'storages' = {
    name: exportStorage
    properties: {
      azureFile: {
        accountName: storage.name
        accountKey: storage.listKeys().keys[0].value
        shareName: shareName
        accessMode: 'ReadOnly'
      }
    }
  }
}

resource app 'Microsoft.App/containerApps@2024-03-01' = {
  name: name
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identity.id}': {}
    }
  }
  properties: {
    environmentId: managedEnvironment.id
    configuration: {
      ingress: {
        external: true
        targetPort: 8080
        transport: 'auto'
        allowInsecure: false
      }
      registries: empty(registryName) ? [] : [
        {
          server: registry!.properties.loginServer
          identity: identity.id
        }
      ]
      secrets: empty(passphraseSecretName) ? [] : [
        {
          name: passphraseSecret
          keyVaultUrl: '${vault.properties.vaultUri}secrets/${passphraseSecretName}'
          identity: identity.id
        }
      ]
    }
    template: {
      containers: [
        {
          name: 'keys'
          image: image
          resources: {
            cpu: json('0.5')
            memory: '1Gi'
          }
          env: concat([
            {
              name: 'KEYSERVICE_EXPORT'
              value: empty(exportFolder) ? exportPath : '${exportPath}/${exportFolder}'
            }
            {
              name: 'KEYSERVICE_CLIENT_ID'
              value: identity.properties.clientId
            }
            {
              name: 'KEYSERVICE_ORIGINS'
              value: join(origins, ',')
            }
            {
              name: 'KEYSERVICE_REQUESTS_PER_MINUTE'
              value: string(requestsPerMinute)
            }
            // Nothing but the ingress can connect.
            {
              name: 'KEYSERVICE_PROXIES'
              value: '*'
            }
          ], empty(passphraseSecretName) ? [] : [
            {
              name: 'KEYSERVICE_PASSPHRASE'
              secretRef: passphraseSecret
            }
          ])
          volumeMounts: [
            {
              volumeName: exportVolume
              mountPath: exportPath
            }
          ]
          probes: [
            {
              type: 'Startup'
              httpGet: {
                path: '/health/ready'
                port: 8080
              }
              periodSeconds: 5
              failureThreshold: 60
            }
            {
              type: 'Readiness'
              httpGet: {
                path: '/health/ready'
                port: 8080
              }
              periodSeconds: 5
            }
            {
              type: 'Liveness'
              httpGet: {
                path: '/health/live'
                port: 8080
              }
              periodSeconds: 10
            }
          ]
        }
      ]
      scale: {
        minReplicas: 1
        maxReplicas: maxReplicas
        rules: [
          {
            name: 'requests'
            http: {
              metadata: {
                concurrentRequests: '100'
              }
            }
          }
        ]
      }
      volumes: [
        {
          name: exportVolume
          storageType: 'AzureFile'
          storageName: managedEnvironment::share.name
        }
      ]
    }
  }
  dependsOn: [
    readsSecrets
    pullsImage
  ]
}

@description('For -LicenseUri.')
output keyUri string = 'https://${app.properties.configuration.ingress.fqdn}/?kid={KeyIdGuid}'
