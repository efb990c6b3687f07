using System.Management.Automation;
using AmsMigration.Assets;
using AmsMigration.Metadata;
using AmsMigration.Packaging.Protection;
using AmsMigration.Packaging.Storage;
using AmsMigration.Parameters;
using AmsMigration.Pipeline;
using AmsMigration.Protection;
using AmsMigration.Verification;

namespace AmsMigration.Commands;

/// <summary>Checks outputs: manifests, ranges, times; and with the source every sample.</summary>
[Cmdlet(VerbsDiagnostic.Test, "AmsStaticAsset", DefaultParameterSetName = "Path", HelpUri = OnlineHelp.RetirementGuide)]
[OutputType(typeof(AmsVerificationResult))]
public sealed class TestAmsStaticAssetCommand : SourceCmdlet
{
    private const string SourceHelp = "The asset that the output was made from: every sample is compared.";

    [Parameter(
        ParameterSetName = "Path", Mandatory = true, Position = 0, ValueFromPipeline = true,
        HelpMessage = "Output folders; wildcards are allowed.")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    [Parameter(
        ParameterSetName = "LiteralPath", Mandatory = true, ValueFromPipelineByPropertyName = true,
        HelpMessage = "The same without wildcards; takes Destination of a conversion's result.")]
    [Alias("PSPath", "LP", "Destination")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    // By property name in one set only: bound in the default set, it would make Path take the result's ToString.
    [Parameter(ParameterSetName = "Path", Position = 1, HelpMessage = SourceHelp)]
    [Parameter(ParameterSetName = "LiteralPath", ValueFromPipelineByPropertyName = true, HelpMessage = SourceHelp)]
    [ValidateNotNullOrEmpty]
    public string? Source { get; set; }

    [Parameter(HelpMessage = StorageHelp.ConnectionString)]
    [ValidateNotNullOrEmpty]
    public override string? ConnectionString { get; set; }

    [Parameter(HelpMessage = "Keys of an encrypted output, and of an encrypted source, beside those of the export: samples are compared in the clear.")]
    [ContentKeys]
    [ValidateNotNullOrEmpty]
    public ContentKey[] ContentKey { get; set; } = [];

    private protected override string Activity => "Checking outputs";

    private protected override void Process()
    {
        IAssetStore? source = null;
        if (Source is not null && !TryFindSource(Source, out source))
        {
            return;
        }

        IExportedKeys? keys = Keys;
        bool isLiteral = ParameterSetName == "LiteralPath";
        foreach (IAssetStore output in FindOutputs(isLiteral ? LiteralPath : Path, isLiteral))
        {
            Start(output.Location, cancellation => CheckAsync(output, source, keys, cancellation));
        }
    }

    private async Task CheckAsync(IAssetStore output, IAssetStore? source, IExportedKeys? keys, CancellationToken cancellation)
    {
        using ProgressBoard.Slot slot = Progress.Begin(output.Name);
        ExportedKeys? found = source is null || keys is null ? null : await keys.FindAsync(source, cancellation).ConfigureAwait(false);
        source = found?.StorageKey is StorageEncryptionKey key ? DecryptingAssetStore.Over(source!, key) : source;
        ContentKey[] contentKeys = [.. ContentKey, .. ExportedContentKeys.All(found?.Metadata)];
        AmsVerificationResult result = await OutputCheck.RunAsync(output, source, cancellation, contentKeys).ConfigureAwait(false);
        Post(() => WriteObject(result));
    }

    private bool TryFindSource(string path, out IAssetStore? source)
    {
        List<IAssetStore> assets = [.. FindAssets([path], isLiteral: true)];
        source = assets.Count == 1 ? assets[0] : null;
        if (assets.Count > 1)
        {
            WriteError(Errors.SourceAmbiguous(path, assets.Count));
        }

        return source is not null;
    }
}
