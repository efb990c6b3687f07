using System.Management.Automation;
using AmsMigration.Assets;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Storage;
using AmsMigration.Pipeline;

namespace AmsMigration.Commands;

/// <summary>Lists and classifies assets. Reads manifests and headers, never media.</summary>
[Cmdlet(VerbsCommon.Get, "AmsAsset", DefaultParameterSetName = "Path")]
[OutputType(typeof(AmsAsset))]
public sealed class GetAmsAssetCommand : AmsCmdlet
{
    [Parameter(ParameterSetName = "Path", Mandatory = true, Position = 0, ValueFromPipeline = true, HelpMessage = "Folders of assets, server manifests or media files; wildcards are allowed.")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    [Parameter(ParameterSetName = "LiteralPath", Mandatory = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The same without wildcards.")]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        bool isLiteral = ParameterSetName == "LiteralPath";
        foreach (string path in FileSystemPaths.ResolveExisting(this, isLiteral ? LiteralPath : Path, isLiteral))
        {
            foreach (IAssetStore store in LocalAssets.Find(path))
            {
                Describe(store);
            }
        }
    }

    private void Describe(IAssetStore store)
    {
        AmsAsset asset;
        try
        {
            asset = Await(cancellation => AssetCatalog.DescribeAsync(store, cancellation));
        }
        catch (PackagingException e)
        {
            WriteError(Errors.From(e, store.Location));
            return;
        }

        WriteObject(asset);
    }
}
