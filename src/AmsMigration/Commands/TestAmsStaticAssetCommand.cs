using System.Management.Automation;
using AmsMigration.Assets;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Storage;
using AmsMigration.Pipeline;
using AmsMigration.Verification;

namespace AmsMigration.Commands;

/// <summary>Checks outputs: manifests, ranges, times; and with the source every sample.</summary>
[Cmdlet(VerbsDiagnostic.Test, "AmsStaticAsset", DefaultParameterSetName = "Path")]
[OutputType(typeof(AmsVerificationResult))]
public sealed class TestAmsStaticAssetCommand : AmsCmdlet
{
    [Parameter(ParameterSetName = "Path", Mandatory = true, Position = 0, HelpMessage = "Output folders; wildcards are allowed.")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    [Parameter(ParameterSetName = "LiteralPath", Mandatory = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The same without wildcards; takes Destination of a conversion's result.")]
    [Alias("PSPath", "LP", "Destination")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true, HelpMessage = "The asset that the output was made from: every sample is compared.")]
    [ValidateNotNullOrEmpty]
    public string? Source { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        IAssetStore? source = FindSource();
        bool isLiteral = ParameterSetName == "LiteralPath";
        foreach (string path in FileSystemPaths.ResolveExisting(this, isLiteral ? LiteralPath : Path, isLiteral))
        {
            AmsVerificationResult result;
            try
            {
                result = Await(cancellation => OutputCheck.RunAsync(new LocalAssetStore(path), source, cancellation));
            }
            catch (PackagingException e)
            {
                WriteError(Errors.From(e, path));
                continue;
            }

            WriteObject(result);
        }
    }

    private IAssetStore? FindSource()
    {
        if (Source is null)
        {
            return null;
        }

        string path = FileSystemPaths.ResolveNew(this, Source);
        return LocalAssets.Find(path).First();
    }
}
