using AmsMigration.Metadata;

namespace AmsMigration.StreamingUrls;

/// <summary>The addresses at which one presentation played by one locator: those that were usual, and those that the account named.</summary>
/// <param name="known">Addresses of the asset from its exported metadata.</param>
/// <param name="presentation">Name of the server manifest without extension, or of the file that had none.</param>
/// <param name="isOnly">The asset has no other presentation, so that every address of it is this one's.</param>
internal sealed class AliasAddresses(IEnumerable<StreamingAddress> known, Guid locatorId, string presentation, bool isOnly)
{
    /// <summary>Formats that have a manifest of today behind them.</summary>
    private static readonly StreamingFormat[] _formats = [.. StreamingFormat.All.Where(format => format.Protocol != AmsStreamingProtocol.SmoothStreaming)];

    private static readonly StreamingFormat[] _filteredFormats = [StreamingFormat.HlsCmaf, StreamingFormat.HlsTs, StreamingFormat.DashCmaf, StreamingFormat.DashCsf];

    private readonly List<StreamingAddress> _own =
        [.. known.Where(address => address.LocatorId == locatorId && (isOnly || IsOf(address, presentation))).Select(address => address with { Host = null })];

    /// <summary>Combinations of filters that the account's addresses name.</summary>
    public IEnumerable<string[]> Combinations => _own.Select(address => address.Filters).Where(filters => filters.Length > 1);

    private IEnumerable<string> ManifestNames => _own.Count > 0 ? _own.Select(address => address.ManifestName).Distinct() : [presentation + ".ism"];

    /// <summary>Of all of it.</summary>
    public IReadOnlyList<StreamingAddress> Whole() =>
        WithSuffixes(ManifestNames.SelectMany(name => _formats.Select(format => Make(name, Format(format)))).Concat(_own.Where(address => IsPlayable(address, []))));

    /// <summary>Of what filters let through, with the parameters in both orders that were usual.</summary>
    /// <param name="filters">Names.</param>
    public IReadOnlyList<StreamingAddress> Filtered(string[] filters)
    {
        var filter = new StreamingParameter("filter", string.Join(";", filters));
        return WithSuffixes(ManifestNames
            .SelectMany(name => _filteredFormats.SelectMany(format => new[] { Make(name, Format(format), filter), Make(name, filter, Format(format)) }))
            .Concat(_own.Where(address => IsPlayable(address, filters))));
    }

    /// <summary>For clients of Smooth Streaming: in both spellings that were usual, and as the account named them.</summary>
    public IReadOnlyList<StreamingAddress> Smooth() =>
    [
        .. ManifestNames.SelectMany(name => new[] { Make(name), Make(name) with { Request = "Manifest" } })
            .Concat(_own.Where(address => address is { Protocol: AmsStreamingProtocol.SmoothStreaming, Filters.Length: 0 })).Distinct(),
    ];

    private static bool IsOf(StreamingAddress address, string presentation) =>
        string.Equals(System.IO.Path.GetFileNameWithoutExtension(address.ManifestName), presentation, StringComparison.OrdinalIgnoreCase);

    /// <summary>Plays what filters let through and no other part, by a protocol of today.</summary>
    private static bool IsPlayable(StreamingAddress address, string[] filters) =>
        address is { Protocol: AmsStreamingProtocol.Hls or AmsStreamingProtocol.Dash, IsAudioOnly: false, StartTime: null, EndTime: null }
        && address.Filters.SequenceEqual(filters, StringComparer.OrdinalIgnoreCase);

    private static StreamingParameter Format(StreamingFormat format) => new("format", format.Name);

    private StreamingAddress Make(string name, params StreamingParameter[] parameters) => new() { LocatorId = locatorId, ManifestName = name, Parameters = parameters };

    /// <summary>Players that go by the extension were given one behind the parentheses.</summary>
    private static IReadOnlyList<StreamingAddress> WithSuffixes(IEnumerable<StreamingAddress> addresses) =>
    [
        .. addresses.SelectMany(address => new[]
        {
            address with { Suffix = "" },
            address with { Suffix = address.Protocol == AmsStreamingProtocol.Hls ? StreamingFormat.HlsSuffix : StreamingFormat.DashSuffix },
        }).Distinct(),
    ];
}
