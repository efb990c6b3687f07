using 'main.bicep'

param image = 'contoso.azurecr.io/amsmigrate-keys:1'
param registryName = 'contoso'
param keyVaultName = 'contoso-ams-keys'
param storageAccountName = 'contosoexport'
param origins = [
  'https://www.contoso.com'
]
