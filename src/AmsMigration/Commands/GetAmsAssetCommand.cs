using System.Management.Automation;
using AmsMigration.Assets;
using AmsMigration.Packaging.Storage;
using AmsMigration.Pipeline;

namespace AmsMigration.Commands;

/// <summary>Lists and classifies assets. Reads manifests and headers, never media.</summary>
[Cmdlet(VerbsCommon.Get, "AmsAsset", DefaultParameterSetName = "Path", HelpUri = OnlineHelp.RetirementGuide)]
[OutputType(typeof(AmsAsset))]
public sealed class GetAmsAssetCommand : AmsCmdlet
{
    [Parameter(
        ParameterSetName = "Path", Mandatory = true, Position = 0, ValueFromPipeline = true,
        HelpMessage = "Folders of assets, server manifests or media files; wildcards are allowed.")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    [Parameter(ParameterSetName = "LiteralPath", Mandatory = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The same without wildcards.")]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    private protected override string Activity => "Looking at assets";

    private protected override void Process()
    {
        bool isLiteral = ParameterSetName == "LiteralPath";
        foreach (IAssetStore store in FileSystemPaths.FindAssets(this, isLiteral ? LiteralPath : Path, isLiteral))
        {
            Start(store.Location, cancellation => DescribeAsync(store, cancellation));
        }
    }

    private async Task DescribeAsync(IAssetStore store, CancellationToken cancellation)
    {
        using ProgressBoard.Slot slot = Progress.Begin(store.Name);
        AmsAsset asset = await AssetCatalog.DescribeAsync(store, cancellation).ConfigureAwait(false);
        Post(() => WriteObject(asset));
    }
}
