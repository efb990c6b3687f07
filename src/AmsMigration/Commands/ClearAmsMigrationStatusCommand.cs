using System.Management.Automation;
using AmsMigration.Assets;
using AmsMigration.Conversion;
using AmsMigration.Packaging.Storage;
using AmsMigration.Parameters;
using AmsMigration.Pipeline;
using AmsMigration.Runs;

namespace AmsMigration.Commands;

/// <summary>Has what is remembered of a migration forgotten, so that the next run converts again.</summary>
[Cmdlet(
    VerbsCommon.Clear, "AmsMigrationStatus", DefaultParameterSetName = "Path", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High,
    HelpUri = OnlineHelp.RetirementGuide)]
[OutputType(typeof(AmsMigrationRecord))]
public sealed class ClearAmsMigrationStatusCommand : StorageCmdlet
{
    private IDestination? _destination;
    private PathTemplate _template = null!;

    [Parameter(ParameterSetName = "InputObject", Mandatory = true, ValueFromPipeline = true, HelpMessage = "Assets from Get-AmsAsset.")]
    [ValidateNotNull]
    public AmsAsset[] InputObject { get; set; } = [];

    [Parameter(
        ParameterSetName = "Path", Mandatory = true, Position = 0, ValueFromPipeline = true,
        HelpMessage = "Folders of assets, server manifests or media files, wildcards allowed, or addresses of containers.")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    [Parameter(ParameterSetName = "LiteralPath", Mandatory = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The same without wildcards.")]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    [Parameter(Position = 1, HelpMessage = "The destination of the conversion. Without it only the containers' marks are looked at.")]
    [ValidateNotNullOrEmpty]
    public string? Destination { get; set; }

    [Parameter(HelpMessage = "Opens the destination's storage account.")]
    [ValidateNotNullOrEmpty]
    public string? DestinationConnectionString { get; set; }

    [Parameter(HelpMessage = StorageHelp.ConnectionString)]
    [ValidateNotNullOrEmpty]
    public override string? ConnectionString { get; set; }

    [Parameter(HelpMessage = "Where below the destination an asset went; the same as for the conversion.")]
    [ArgumentCompleter(typeof(PathTemplateCompleter))]
    [AllowEmptyString]
    public string PathTemplate { get; set; } = Conversion.PathTemplate.Default.ToString();

    [Parameter(HelpMessage = "All (the default), or Failed: those that were begun and not completed, or are marked as failed.")]
    public AmsStatusCategory Category { get; set; }

    [Parameter(HelpMessage = "Remove the mark of AMSMigrate or of -MarkSource from the asset's container, too.")]
    public SwitchParameter IncludeSourceMark { get; set; }

    [Parameter(HelpMessage = "Clear the status of an output that another run is writing, and end that run.")]
    public SwitchParameter BreakLease { get; set; }

    [Parameter(HelpMessage = "Ask no question.")]
    public SwitchParameter Force { get; set; }

    [Parameter(HelpMessage = "Write what was cleared to the pipeline.")]
    public SwitchParameter PassThru { get; set; }

    private protected override string Activity => "Clearing migration status";

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _destination = Destination is null ? null : OpenDestination(Destination, DestinationConnectionString);
        _template = PathTemplates.Parse(this, PathTemplate);
    }

    private protected override void Process()
    {
        foreach (AmsAsset asset in InputObject)
        {
            Start(asset, cancellation => ClearAsync(asset, cancellation));
        }

        bool isLiteral = ParameterSetName == "LiteralPath";
        foreach (IAssetStore store in FindAssets(isLiteral ? LiteralPath : Path, isLiteral))
        {
            Start(store.Location, async cancellation =>
                await ClearAsync(await AssetCatalog.DescribeAsync(store, cancellation).ConfigureAwait(false), cancellation).ConfigureAwait(false));
        }
    }

    private async Task ClearAsync(AmsAsset asset, CancellationToken cancellation)
    {
        using ProgressBoard.Slot slot = Progress.Begin(asset.AssetName);
        StatusReset reset = await StatusReset.PrepareAsync(asset, _destination, _template, IncludeSourceMark, cancellation).ConfigureAwait(false);
        if (!reset.IsNeeded(Category) || !await AskAsync(() => Approve(reset.Found)).ConfigureAwait(false))
        {
            return;
        }

        await reset.ClearAsync(BreakLease, cancellation).ConfigureAwait(false);
        if (PassThru)
        {
            Post(() => WriteObject(reset.Found));
        }
    }

    private bool Approve(AmsMigrationRecord found)
    {
        bool asks = MyInvocation.BoundParameters.ContainsKey("Confirm") || MyInvocation.BoundParameters.ContainsKey("WhatIf")
            || LanguagePrimitives.IsTrue(GetVariableValue("WhatIfPreference"));
        return (Force && !asks) || ShouldProcess(
            found.Destination ?? found.Source, $"Clear the migration status of '{found.AssetName}' ({found.OutputStatus}, container {found.SourceStatus})");
    }
}
