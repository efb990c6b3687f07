using System.Management.Automation;
using AmsMigration.Infrastructure.StreamingUrls;
using AmsMigration.Packaging;
using AmsMigration.Parameters;
using AmsMigration.Pipeline;
using AmsMigration.StreamingUrls;
using AmsMigration.StreamingUrls.Testing;

namespace AmsMigration.Commands;

/// <summary>Says of old streaming addresses whether they play, and what is missing where they do not.</summary>
[Cmdlet(VerbsDiagnostic.Test, "AmsStreamingUrl", DefaultParameterSetName = "Url", HelpUri = OnlineHelp.RetirementGuide)]
[OutputType(typeof(AmsStreamingUrlTest))]
public sealed class TestAmsStreamingUrlCommand : AmsCmdlet
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(0.5);

    private IPublicWeb _web = null!;
    private StreamingUrlTester _tester = null!;

    [Parameter(
        ParameterSetName = "Url", Mandatory = true, Position = 0, ValueFromPipeline = true,
        HelpMessage = "Old addresses; any other address of a manifest, too.")]
    [Alias("OldUrl")]
    [ValidateNotNullOrEmpty]
    public string[] Url { get; set; } = [];

    [Parameter(ParameterSetName = "InputObject", Mandatory = true, ValueFromPipeline = true, HelpMessage = "Entries of Export-AmsStreamingUrlMap.")]
    [ValidateNotNull]
    public AmsStreamingUrlMapEntry[] InputObject { get; set; } = [];

    [Parameter(
        ParameterSetName = "MapPath", Mandatory = true, ValueFromPipelineByPropertyName = true,
        HelpMessage = "The map in CSV or JSON that Export-AmsStreamingUrlMap wrote.")]
    [Alias("PSPath")]
    [ValidateNotNullOrEmpty]
    public string MapPath { get; set; } = "";

    [Parameter(Position = 1, HelpMessage = "The host that answers for the old paths now. Without it a map's new addresses are tested, and other addresses as they are.")]
    [Alias("HostName")]
    [WebAddress]
    public Uri? BaseUri { get; set; }

    [Parameter(HelpMessage = "Ask the host of -BaseUri by the old host name, as players will when DNS has changed.")]
    public SwitchParameter UseOldHostName { get; set; }

    [Parameter(HelpMessage = "Hosts that manifests may refer to, beside their own.")]
    [HostName]
    [ValidateNotNullOrEmpty]
    public string[] MediaHostName { get; set; } = [];

    [Parameter(HelpMessage = "The site that players are on: answers must allow it (CORS).")]
    [WebAddress]
    public Uri Origin { get; set; } = new("https://www.example.com");

    [Parameter(HelpMessage = "How long an answer may take. The default is 30 seconds.")]
    [Seconds]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    [Parameter(HelpMessage = "Addresses that are tested at once. The default is 8.")]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 8;

    private protected override int WorkLimit => ThrottleLimit;

    private protected override string Activity => "Testing streaming addresses";

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (UseOldHostName && BaseUri is null)
        {
            ThrowTerminatingError(Errors.OldHostNameNeedsBaseUri());
        }

        _web = new PublicWeb(Timeout, FirstDelay);
        _tester = new StreamingUrlTester(_web, Origin.GetLeftPart(UriPartial.Authority), MediaHostName);
    }

    private protected override void Process()
    {
        switch (ParameterSetName)
        {
            case "InputObject":
                Array.ForEach(InputObject, Start);
                break;
            case "MapPath":
                foreach (AmsStreamingUrlMapEntry entry in ReadMap())
                {
                    Start(entry);
                }

                break;
            default:
                foreach (string url in Url)
                {
                    Start(url, StreamingAddress.TryParse(url), null, null);
                }

                break;
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            _web?.Dispose();
        }
    }

    private IReadOnlyList<AmsStreamingUrlMapEntry> ReadMap()
    {
        foreach (string path in FileSystemPaths.ResolveExisting(this, [MapPath], isLiteral: true))
        {
            try
            {
                return MapReader.Read(path);
            }
            catch (PackagingException e)
            {
                WriteError(Errors.From(e, path));
            }
        }

        return [];
    }

    private void Start(AmsStreamingUrlMapEntry entry)
    {
        if (BaseUri is null && entry.NewUrl is null)
        {
            WriteObject(StreamingUrlTester.Untested(entry.OldUrl, entry.Note, entry.AssetName));
            return;
        }

        Start(entry.OldUrl, StreamingAddress.TryParse(entry.OldUrl), entry.NewUrl, entry.AssetName);
    }

    private void Start(string url, StreamingAddress? old, string? newUrl, string? assetName)
    {
        string shown = old?.ToString() ?? url.Split('?')[0];
        if (Locate(url, old, newUrl) is not Uri address)
        {
            WriteError(Errors.InvalidStreamingUrl(shown));
            return;
        }

        Start(shown, async cancellation =>
        {
            using ProgressBoard.Slot slot = Progress.Begin(shown);
            AmsStreamingUrlTest test = await _tester.TestAsync(shown, address, UseOldHostName ? old?.Host : null, old?.Protocol, assetName, cancellation).ConfigureAwait(false);
            Post(() => WriteObject(test));
        });
    }

    /// <summary>Where to begin; null where that is nowhere in the web.</summary>
    private Uri? Locate(string url, StreamingAddress? old, string? newUrl)
    {
        string? place = BaseUri is null
            ? newUrl ?? (old is null || Uri.IsWellFormedUriString(url, UriKind.Absolute) ? url : old.ToString())
            : old is null ? null : BaseUri.GetLeftPart(UriPartial.Path).TrimEnd('/') + old.Path;
        return Uri.TryCreate(place, UriKind.Absolute, out Uri? address) && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp) ? address : null;
    }
}
