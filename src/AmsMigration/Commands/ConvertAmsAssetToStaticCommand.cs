using System.Globalization;
using System.Management.Automation;
using AmsMigration.Assets;
using AmsMigration.Conversion;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Storage;
using AmsMigration.Parameters;
using AmsMigration.Pipeline;

namespace AmsMigration.Commands;

/// <summary>Converts assets to static CMAF with HLS and DASH manifests.</summary>
[Cmdlet(VerbsData.Convert, "AmsAssetToStatic", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
[OutputType(typeof(AmsConversionResult))]
public sealed class ConvertAmsAssetToStaticCommand : AmsCmdlet
{
    private ProgressBoard _progress = null!;
    private IDestination _destination = null!;
    private ConversionOptions _options = null!;

    [Parameter(ParameterSetName = "InputObject", Mandatory = true, ValueFromPipeline = true, HelpMessage = "Assets from Get-AmsAsset.")]
    [ValidateNotNull]
    public AmsAsset[] InputObject { get; set; } = [];

    [Parameter(ParameterSetName = "Path", Mandatory = true, Position = 0, HelpMessage = "Folders of assets, server manifests or media files; wildcards are allowed.")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    [Parameter(ParameterSetName = "LiteralPath", Mandatory = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The same without wildcards.")]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    [Parameter(Mandatory = true, Position = 1, HelpMessage = "The folder that gets a folder for each asset.")]
    [ValidateNotNullOrEmpty]
    public string Destination { get; set; } = "";

    [Parameter(HelpMessage = "Wanted length of a segment in seconds, or as a TimeSpan. The default is 6 s.")]
    [Seconds]
    public TimeSpan SegmentDuration { get; set; } = TimeSpan.FromSeconds(6);

    [Parameter(HelpMessage = "SingleFile (one file a rendition, the default) or Segmented (one file a segment).")]
    public OutputLayout Layout { get; set; }

    [Parameter(HelpMessage = "Name of the manifests without extension; by default that of the server manifest.")]
    [ValidateNotNullOrEmpty]
    public string? ManifestName { get; set; }

    [Parameter(HelpMessage = "Where below the destination an asset goes, e.g. 'video/{AssetName}'.")]
    [ArgumentCompleter(typeof(PathTemplateCompleter))]
    [AllowEmptyString]
    public string PathTemplate { get; set; } = Conversion.PathTemplate.Default.ToString();

    [Parameter(HelpMessage = "Copy files that no presentation uses, too: documents, images, captions.")]
    public SwitchParameter CopyNonStreamable { get; set; }

    [Parameter(HelpMessage = "Write an index.html that plays the output.")]
    public SwitchParameter PlayerPage { get; set; }

    [Parameter(HelpMessage = "Assets that are converted at once. The default is 2.")]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 2;

    [Parameter(HelpMessage = "Convert again and overwrite what is there.")]
    public SwitchParameter Force { get; set; }

    private protected override int WorkLimit => ThrottleLimit;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _progress = new ProgressBoard(this, "Converting assets");
        _destination = new LocalDestination(FileSystemPaths.ResolveNew(this, Destination));
        _options = new ConversionOptions
        {
            Packaging = new PackagingOptions { SegmentDuration = SegmentDuration, Layout = Layout, ManifestName = ManifestName },
            PathTemplate = ParseTemplate(),
            CopyNonStreamable = CopyNonStreamable,
            PlayerPage = PlayerPage,
            Force = Force,
        };
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (AmsAsset asset in ParameterSetName == "InputObject" ? InputObject : FindAssets())
        {
            string target = _destination.Location;
            if (ShouldProcess(
                $"Convert asset '{asset.AssetName}' to static CMAF, HLS and DASH in '{target}'.",
                $"Convert asset '{asset.AssetName}' to static CMAF, HLS and DASH in '{target}'?",
                "Convert-AmsAssetToStatic",
                out ShouldProcessReason reason))
            {
                Queue.Start(cancellation => ConvertAsync(asset, cancellation));
            }
            else if (reason == ShouldProcessReason.WhatIf)
            {
                SayWhatWouldBeWritten(asset);
            }
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        base.EndProcessing();
        _progress.Complete();
    }

    private protected override void OnPoll() => _progress.Show();

    private async Task ConvertAsync(AmsAsset asset, CancellationToken cancellation)
    {
        using ProgressBoard.Slot slot = _progress.Begin(asset.AssetName);
        AmsConversionResult result = await AssetConverter.ConvertAsync(asset, _destination, _options, slot, cancellation).ConfigureAwait(false);
        Queue.Post(() => Tell(asset, result));
    }

    private void Tell(AmsAsset asset, AmsConversionResult result)
    {
        foreach (string warning in result.Warnings)
        {
            WriteVerbose($"{result.AssetName}: {warning}");
        }

        if (result.Error is not null)
        {
            WriteError(Errors.From(result.Error, asset));
        }

        WriteObject(result);
    }

    private void SayWhatWouldBeWritten(AmsAsset asset)
    {
        ConversionPlan plan;
        try
        {
            plan = Await(cancellation => ConversionPlan.CreateAsync(asset, _destination, _options, cancellation));
        }
        catch (PackagingException e)
        {
            WriteError(Errors.From(e, asset));
            return;
        }

        foreach ((string path, long length) in plan.Files)
        {
            ShouldProcess(
                System.IO.Path.Combine(plan.Destination, path.Replace('/', System.IO.Path.DirectorySeparatorChar)),
                string.Format(CultureInfo.InvariantCulture, "Write {0} bytes", length));
        }
    }

    private IEnumerable<AmsAsset> FindAssets()
    {
        bool isLiteral = ParameterSetName == "LiteralPath";
        foreach (string path in FileSystemPaths.ResolveExisting(this, isLiteral ? LiteralPath : Path, isLiteral))
        {
            foreach (IAssetStore store in LocalAssets.Find(path))
            {
                AmsAsset asset;
                try
                {
                    asset = Await(cancellation => AssetCatalog.DescribeAsync(store, cancellation));
                }
                catch (PackagingException e)
                {
                    WriteError(Errors.From(e, store.Location));
                    continue;
                }

                yield return asset;
            }
        }
    }

    private PathTemplate ParseTemplate()
    {
        try
        {
            return Conversion.PathTemplate.Parse(PathTemplate);
        }
        catch (FormatException e)
        {
            ThrowTerminatingError(Errors.InvalidPathTemplate(PathTemplate, e));
            throw;
        }
    }
}
