@{
    RootModule = if ($PSEdition -eq 'Core') { 'core/AmsMigration.dll' } else { 'desktop/AmsMigration.dll' }
    ModuleVersion = '0.1.0'
    GUID = '5b7d2c0e-6a41-4f0e-9c55-3d0b8e6f21a7'
    Author = 'The AmsMigration authors'
    CompanyName = 'The AmsMigration authors'
    Copyright = '(c) The AmsMigration authors. MIT License.'
    Description = 'Moves what Azure Media Services left behind to static CMAF, HLS and DASH that plays everywhere: no re-encoding, no ffmpeg, no service.'
    PowerShellVersion = '5.1'
    DotNetFrameworkVersion = '4.7.2'
    CompatiblePSEditions = @('Desktop', 'Core')
    FormatsToProcess = @('AmsMigration.Format.ps1xml')
    FunctionsToExport = @()
    AliasesToExport = @()
    VariablesToExport = @()
    CmdletsToExport = @(
        'Clear-AmsMigrationStatus'
        'Convert-AmsAssetToStatic'
        'Export-AmsAssetMetadata'
        'Export-AmsStreamingUrlMap'
        'Get-AmsAccountExpiry'
        'Get-AmsAsset'
        'Get-AmsMigrationRecommendation'
        'Get-AmsVersionGuide'
        'Request-AmsAccountExtension'
        'Test-AmsStaticAsset'
        'Test-AmsStreamingUrl'
    )
    PrivateData = @{
        PSData = @{
            Tags = @('Azure', 'MediaServices', 'AMS', 'HLS', 'DASH', 'CMAF', 'Video', 'Streaming', 'Migration', 'PSEdition_Core', 'PSEdition_Desktop', 'Windows', 'Linux', 'MacOS')
            LicenseUri = 'https://opensource.org/license/mit'
            ReleaseNotes = 'See CHANGELOG.md in the module folder.'
        }
    }
}
