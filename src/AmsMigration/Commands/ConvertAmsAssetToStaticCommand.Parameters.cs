using System.Management.Automation;
using AmsMigration.Assets;
using AmsMigration.Metadata;
using AmsMigration.Packaging.Gaps;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Protection;
using AmsMigration.Parameters;
using AmsMigration.Pipeline;
using AmsMigration.Recommendations;
using AmsMigration.StreamingUrls;

namespace AmsMigration.Commands;

/// <content>What a user can say.</content>
public sealed partial class ConvertAmsAssetToStaticCommand
{
    private const string AssetHelp = "Assets from Get-AmsAsset.";
    private const string PathHelp = "Folders of assets, server manifests or media files; wildcards are allowed.";
    private const string LiteralPathHelp = "The same without wildcards.";
    private const string DestinationHelp = "The folder, or the address of a container or of a folder in one, that gets a folder for each asset.";
    private const string InPlaceHelp = "Write only what lets players play a live archive where it lies, beside its fragments.";

    [Parameter(ParameterSetName = "InputObject", Mandatory = true, ValueFromPipeline = true, HelpMessage = AssetHelp)]
    [Parameter(ParameterSetName = "InPlaceInputObject", Mandatory = true, ValueFromPipeline = true, HelpMessage = AssetHelp)]
    [ValidateNotNull]
    public AmsAsset[] InputObject { get; set; } = [];

    [Parameter(
        ParameterSetName = "Recommendation", Mandatory = true, ValueFromPipeline = true,
        HelpMessage = "Recommendations from Get-AmsMigrationRecommendation; only where static migration stands are their assets converted.")]
    [ValidateNotNull]
    public AmsMigrationRecommendation[] Recommendation { get; set; } = [];

    [Parameter(
        ParameterSetName = "Metadata", Mandatory = true, ValueFromPipeline = true,
        HelpMessage = "Assets from Export-AmsAssetMetadata, which bring their names, locators and keys.")]
    [ValidateNotNull]
    public AmsAssetMetadata[] Metadata { get; set; } = [];

    [Parameter(ParameterSetName = "Path", Mandatory = true, Position = 0, ValueFromPipeline = true, HelpMessage = PathHelp)]
    [Parameter(ParameterSetName = "InPlace", Mandatory = true, Position = 0, ValueFromPipeline = true, HelpMessage = PathHelp)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    [Parameter(ParameterSetName = "LiteralPath", Mandatory = true, ValueFromPipelineByPropertyName = true, HelpMessage = LiteralPathHelp)]
    [Parameter(ParameterSetName = "InPlaceLiteralPath", Mandatory = true, ValueFromPipelineByPropertyName = true, HelpMessage = LiteralPathHelp)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    [Parameter(ParameterSetName = "InputObject", Mandatory = true, Position = 1, HelpMessage = DestinationHelp)]
    [Parameter(ParameterSetName = "Recommendation", Mandatory = true, Position = 1, HelpMessage = DestinationHelp)]
    [Parameter(ParameterSetName = "Metadata", Mandatory = true, Position = 1, HelpMessage = DestinationHelp)]
    [Parameter(ParameterSetName = "Path", Mandatory = true, Position = 1, HelpMessage = DestinationHelp)]
    [Parameter(ParameterSetName = "LiteralPath", Mandatory = true, Position = 1, HelpMessage = DestinationHelp)]
    [ValidateNotNullOrEmpty]
    public string Destination { get; set; } = "";

    [Parameter(ParameterSetName = "InPlace", Mandatory = true, HelpMessage = InPlaceHelp)]
    [Parameter(ParameterSetName = "InPlaceLiteralPath", Mandatory = true, HelpMessage = InPlaceHelp)]
    [Parameter(ParameterSetName = "InPlaceInputObject", Mandatory = true, HelpMessage = InPlaceHelp)]
    public SwitchParameter InPlace { get; set; }

    [Parameter(HelpMessage = "Opens the destination's storage account.")]
    [ValidateNotNullOrEmpty]
    public string? DestinationConnectionString { get; set; }

    [Parameter(HelpMessage = StorageHelp.ConnectionString)]
    [ValidateNotNullOrEmpty]
    public override string? ConnectionString { get; set; }

    [Parameter(HelpMessage = "Wanted length of a segment in seconds, or as a TimeSpan. The default is 6 s.")]
    [Seconds]
    public TimeSpan SegmentDuration { get; set; } = TimeSpan.FromSeconds(6);

    [Parameter(HelpMessage = "SingleFile (one file a rendition, the default) or Segmented (one file a segment).")]
    public OutputLayout Layout { get; set; }

    [Parameter(HelpMessage = "Fill (the last picture stays and AAC is silent, the default) or Discontinuity (players jump over what all tracks lack).")]
    public GapHandling GapHandling { get; set; }

    [Parameter(HelpMessage = "None (the default), Aes128 (HLS, whole segments), Cenc or Cbcs (samples, for DRM systems and Clear Key).")]
    public ProtectionScheme Protection { get; set; }

    [Parameter(HelpMessage = "Keys to encrypt with: one for all tracks, or one each for Video and Audio. Without them those of the asset's exported metadata.")]
    [ContentKeys]
    [ValidateNotNullOrEmpty]
    public ContentKey[] ContentKey { get; set; } = [];

    [Parameter(HelpMessage = "A file for new keys, one for each asset; an asset that has one in it keeps it.")]
    [ValidateNotNullOrEmpty]
    public string? NewContentKeyPath { get; set; }

    [Parameter(HelpMessage = "Keys of sources that are encrypted (PIFF, cenc, cbcs).")]
    [ContentKeys]
    [ValidateNotNullOrEmpty]
    public ContentKey[] SourceContentKey { get; set; } = [];

    [Parameter(HelpMessage = "Systems that the output is signalled for. The default is all that play the scheme.")]
    [ValidateNotNullOrEmpty]
    public KeySystem[] KeySystem { get; set; } = [];

    [Parameter(HelpMessage = "Where players get keys or licences, e.g. @{ Widevine = 'https://...'; ClearKey = 'https://keys.contoso.com/?kid={KeyIdGuid}' }.")]
    [LicenseUris]
    [ValidateNotNull]
    public Dictionary<KeySystem, string> LicenseUri { get; set; } = [];

    [Parameter(HelpMessage = "How much at the start stays in the clear, in seconds or as a TimeSpan: playback begins while the licence is asked for.")]
    [Seconds]
    public TimeSpan ClearLead { get; set; }

    [Parameter(HelpMessage = "Name of the manifests without extension; by default that of the server manifest.")]
    [ArgumentCompleter(typeof(ManifestNameCompleter))]
    [ValidateFileName]
    public string? ManifestName { get; set; }

    [Parameter(HelpMessage = "Where below the destination an asset goes, e.g. 'video/{AssetName}'.")]
    [ArgumentCompleter(typeof(PathTemplateCompleter))]
    [AllowEmptyString]
    public string PathTemplate { get; set; } = Conversion.PathTemplate.Default.ToString();

    [Parameter(HelpMessage = "Asset (the output's own paths, the default), or StreamingLocator: manifests at the paths of the asset's old addresses, too.")]
    public AmsUrlLayout UrlLayout { get; set; }

    [Parameter(HelpMessage = "Locators whose paths are kept, in place of those that the asset's exported metadata names.")]
    [ValidateNotNullOrEmpty]
    public Guid[] LocatorId { get; set; } = [];

    [Parameter(HelpMessage = "Where a folder for each locator goes: a folder, a container, or an account that gets a container for each. The default is -Destination.")]
    [ValidateNotNullOrEmpty]
    public string? UrlDestination { get; set; }

    [Parameter(HelpMessage = "At the paths of old addresses, write fragments for clients of Smooth Streaming, too: media is stored once more for each locator.")]
    public SwitchParameter SmoothStreaming { get; set; }

    [Parameter(HelpMessage = "Copy files that no presentation uses, too: documents, images, captions.")]
    public SwitchParameter CopyNonStreamable { get; set; }

    [Parameter(HelpMessage = "Write an index.html that plays the output.")]
    public SwitchParameter PlayerPage { get; set; }

    [Parameter(HelpMessage = "Assets that are converted at once. The default is 2.")]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 2;

    [Parameter(HelpMessage = "Convert again and overwrite what is there.")]
    public SwitchParameter Force { get; set; }

    [Parameter(HelpMessage = "How long to wait, in seconds or as a TimeSpan, for another run that is writing the same output. Without it the asset is skipped.")]
    [Seconds(Longest = 7 * 24 * 3600)]
    public TimeSpan WaitForOther { get; set; }

    [Parameter(HelpMessage = "Take an output over from another run that is writing it.")]
    public SwitchParameter BreakLease { get; set; }

    [Parameter(HelpMessage = "Write the outcome to the metadata of each asset's container, as AMSMigrate does.")]
    public SwitchParameter MarkSource { get; set; }

    [Parameter(HelpMessage = "Have the destination's storage service fetch media from the source's by itself, from container to container.")]
    public SwitchParameter ServerSideCopy { get; set; }

    [Parameter(HelpMessage = "A file that gets one line of JSON for each event of the run.")]
    [ValidateNotNullOrEmpty]
    public string? LogPath { get; set; }
}
