using System.Management.Automation;
using AmsMigration.Parameters;
using AmsMigration.Pipeline;
using AmsMigration.Recommendations;

namespace AmsMigration.Commands;

/// <summary>Says what each entity of version 2 of the API became, and finds those that code still names.</summary>
[Cmdlet(VerbsCommon.Get, "AmsVersionGuide", DefaultParameterSetName = "Entity", HelpUri = OnlineHelp.VersionGuide)]
[OutputType(typeof(AmsVersionedEntity))]
public sealed class GetAmsVersionGuideCommand : AmsCmdlet
{
    private MigrationCatalogue _catalogue = null!;

    [Parameter(ParameterSetName = "Entity", Position = 0, HelpMessage = "Names of version 2; wildcards are allowed.")]
    [ArgumentCompleter(typeof(VersionedEntityCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Entity { get; set; } = ["*"];

    [Parameter(ParameterSetName = "Path", Mandatory = true, ValueFromPipeline = true, HelpMessage = "Files or folders of code that may speak version 2; wildcards are allowed.")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    [Parameter(ParameterSetName = "LiteralPath", Mandatory = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The same without wildcards.")]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    [Parameter(HelpMessage = "A catalogue in YAML instead of the one that ships.")]
    [ValidateNotNullOrEmpty]
    public string? CatalogPath { get; set; }

    private protected override string Activity => "Looking for version 2 of the API";

    /// <inheritdoc/>
    protected override void BeginProcessing() => _catalogue = Parameters.CatalogPath.Read(this, CatalogPath);

    private protected override void Process()
    {
        bool isLiteral = ParameterSetName == "LiteralPath";
        foreach (string path in FileSystemPaths.ResolveExisting(this, isLiteral ? LiteralPath : Path, isLiteral))
        {
            Start(path, cancellation => FindAsync(path, cancellation));
        }

        if (ParameterSetName == "Entity")
        {
            WriteEntities();
        }
    }

    private void WriteEntities()
    {
        WildcardPattern[] patterns = [.. Entity.Select(name => new WildcardPattern(name, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant))];
        WriteObject(VersionGuideSearch.List(_catalogue).Where(entity => patterns.Any(pattern => pattern.IsMatch(entity.V2))), enumerateCollection: true);
    }

    private Task FindAsync(string path, CancellationToken cancellation)
    {
        using ProgressBoard.Slot slot = Progress.Begin(path);
        IReadOnlyList<AmsVersionedEntity> found = VersionGuideSearch.Find(_catalogue, path, cancellation);
        Post(() => WriteObject(found, enumerateCollection: true));
        return Task.CompletedTask;
    }
}
