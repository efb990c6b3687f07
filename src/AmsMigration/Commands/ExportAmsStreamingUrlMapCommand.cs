using System.Management.Automation;
using AmsMigration.Conversion;
using AmsMigration.Infrastructure.StreamingUrls;
using AmsMigration.Metadata;
using AmsMigration.Packaging;
using AmsMigration.Parameters;
using AmsMigration.Pipeline;
using AmsMigration.StreamingUrls;
using AmsMigration.StreamingUrls.Map;
using AmsMigration.StreamingUrls.Map.Formats;

namespace AmsMigration.Commands;

/// <summary>Writes where every old streaming address leads now, for people, programs and web servers.</summary>
[Cmdlet(VerbsData.Export, "AmsStreamingUrlMap", SupportsShouldProcess = true, HelpUri = OnlineHelp.RetirementGuide)]
[OutputType(typeof(AmsStreamingUrlMapEntry))]
public sealed class ExportAmsStreamingUrlMapCommand : AmsCmdlet
{
    private static readonly AmsStreamingUrlMapFormat[] All = (AmsStreamingUrlMapFormat[])Enum.GetValues(typeof(AmsStreamingUrlMapFormat));

    private readonly StreamingUrlMap _map = new();
    private StreamingUrlMapper _mapper = null!;
    private IExportedAddresses? _export;
    private string _folder = "";
    private bool _hasPathsAlone;

    [Parameter(Mandatory = true, ValueFromPipeline = true, HelpMessage = "Results of Convert-AmsAssetToStatic.")]
    [ValidateNotNull]
    public AmsConversionResult[] InputObject { get; set; } = [];

    [Parameter(Mandatory = true, Position = 0, HelpMessage = "The folder that gets the files.")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    [Parameter(HelpMessage = "Csv, Json, Nginx, Apache, Iis, FrontDoor, Cloudflare. The default is all of them.")]
    [ValidateNotNullOrEmpty]
    public AmsStreamingUrlMapFormat[] Format { get; set; } = All;

    [Parameter(HelpMessage = "An export by Export-AmsAssetMetadata: the addresses of assets that were converted without it.")]
    [ValidateNotNullOrEmpty]
    public string? MetadataPath { get; set; }

    [Parameter(HelpMessage = "Host names that streamed, beside those that the metadata names.")]
    [HostName]
    [ValidateNotNullOrEmpty]
    public string[] OldHostName { get; set; } = [];

    [Parameter(HelpMessage = "The public address that new addresses begin with, instead of the storage account's.")]
    [WebAddress]
    public Uri? BaseUri { get; set; }

    [Parameter(HelpMessage = "The folder or container that -BaseUri publishes: -Destination of the conversion. By default it is the whole storage account.")]
    [ValidateNotNullOrEmpty]
    public string? Destination { get; set; }

    [Parameter(HelpMessage = "Overwrite files that are there.")]
    public SwitchParameter Force { get; set; }

    private protected override string Activity => "Mapping streaming addresses";

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _folder = FileSystemPaths.ResolveNew(this, Path);
        string? destination = Destination is null || Destination.Contains("://") ? Destination : FileSystemPaths.ResolveNew(this, Destination);
        _mapper = new StreamingUrlMapper(new NewAddresses(BaseUri, destination), [.. OldHostName.Select(host => host.ToLowerInvariant())]);
        if (MetadataPath is not null)
        {
            string? export = FileSystemPaths.ResolveExisting(this, [MetadataPath], isLiteral: true).FirstOrDefault();
            if (export is null)
            {
                ThrowTerminatingError(Errors.ExportNotFound(MetadataPath));
            }

            _export = new ExportedAddresses(export!);
        }
    }

    private protected override void Process()
    {
        foreach (AmsConversionResult result in InputObject)
        {
            Start(result, cancellation => AddAsync(result, cancellation));
        }
    }

    private protected override void ProcessLast()
    {
        if (_map.Count == 0 || !ShouldProcess(_folder, $"Write the map of {_map.Count} streaming addresses as {string.Join(", ", Format.Distinct())}"))
        {
            return;
        }

        Start(_folder, async cancellation =>
        {
            IReadOnlyList<StreamingRule> rules = _map.Rules();
            await StreamingUrlMapWriter.WriteAsync(_map, rules, _folder, Format, Force, cancellation).ConfigureAwait(false);
            Post(() => Warn(rules));
            foreach (AmsStreamingUrlMapEntry entry in _map.Entries)
            {
                Post(() => WriteObject(entry));
            }
        });
    }

    private async Task AddAsync(AmsConversionResult result, CancellationToken cancellation)
    {
        AmsAssetMetadata? metadata = _export is null ? null : await _export.FindAsync(result, cancellation).ConfigureAwait(false);
        bool isEmpty = true;
        foreach (AmsStreamingUrlMapEntry entry in _mapper.Map(result, metadata))
        {
            isEmpty = false;
            _hasPathsAlone |= entry.OldUrl[0] == '/';
            _map.Add(entry);
        }

        if (isEmpty)
        {
            throw new PackagingException("StreamingUrlsUnknown", $"nothing says at which addresses '{result.AssetName}' streamed, nor by which locators");
        }
    }

    private void Warn(IReadOnlyList<StreamingRule> rules)
    {
        foreach ((string oldUrl, IReadOnlyList<string> newUrls) in _map.Conflicts)
        {
            WriteWarning($"{oldUrl} leads to {newUrls[0]}, and not to {string.Join(", ", newUrls.Skip(1))}, which other results say.");
        }

        if (_hasPathsAlone)
        {
            WriteWarning("No host name is known of some addresses: they are written as paths, and Cloudflare's list lacks them. -OldHostName names hosts.");
        }

        if (Format.Contains(AmsStreamingUrlMapFormat.FrontDoor) && FrontDoorRules.CountSets(rules) is > FrontDoorRules.MaxSets and int sets)
        {
            WriteWarning($"The rules for Azure Front Door take {sets} rule sets; a profile has at most {FrontDoorRules.MaxSets} (Premium 200). Use aliases (-UrlLayout StreamingLocator), or several profiles.");
        }
    }
}
