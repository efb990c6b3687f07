@{
    RootModule = 'Az.Accounts.psm1'
    ModuleVersion = '5.3.0'
    GUID = '1f0f6e4a-6d0e-4d60-9d9e-0a5c8f1f6c11'
    Author = 'The AmsMigration authors'
    Description = 'Stands in for Az.Accounts in tests: the same commands, one account, and an Azure.Core of its own.'
    FunctionsToExport = @('Get-AzAccessToken', 'Get-AzContext')
    CmdletsToExport = @()
    AliasesToExport = @()
    VariablesToExport = @()
}
