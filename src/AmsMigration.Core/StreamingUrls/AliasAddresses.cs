using AmsMigration.Metadata;

namespace AmsMigration.StreamingUrls;

/// <summary>The addresses at which one presentation played by one locator: those that were usual, and those that the account named.</summary>
internal static class AliasAddresses
{
    /// <summary>Formats that have a manifest of today behind them.</summary>
    private static readonly StreamingFormat[] _formats = [.. StreamingFormat.All.Where(format => format.Protocol != AmsStreamingProtocol.SmoothStreaming)];

    /// <param name="known">Addresses of the asset from its exported metadata.</param>
    /// <param name="presentation">Name of the server manifest without extension, or of the file that had none.</param>
    /// <param name="isOnly">The asset has no other presentation, so that every address of it is this one's.</param>
    public static IReadOnlyList<StreamingAddress> Of(IEnumerable<StreamingAddress> known, Guid locatorId, string presentation, bool isOnly)
    {
        List<StreamingAddress> own = [.. known.Where(address => address.LocatorId == locatorId && (isOnly || IsOf(address, presentation)))];
        string[] names = own.Count > 0 ? [.. own.Select(address => address.ManifestName).Distinct()] : [presentation + ".ism"];
        return
        [
            .. names.SelectMany(name => _formats.Select(format => new StreamingAddress
            {
                LocatorId = locatorId,
                ManifestName = name,
                Parameters = [new StreamingParameter("format", format.Name)],
            })).Concat(own.Where(IsWhole)).Select(address => address with { Host = null }).SelectMany(WithAndWithoutSuffix).Distinct(),
        ];
    }

    private static bool IsOf(StreamingAddress address, string presentation) =>
        string.Equals(System.IO.Path.GetFileNameWithoutExtension(address.ManifestName), presentation, StringComparison.OrdinalIgnoreCase);

    /// <summary>Plays all of the presentation, by a protocol of today.</summary>
    private static bool IsWhole(StreamingAddress address) =>
        address is { Protocol: AmsStreamingProtocol.Hls or AmsStreamingProtocol.Dash, Filters.Length: 0, IsAudioOnly: false, StartTime: null, EndTime: null };

    /// <summary>Players that go by the extension were given one behind the parentheses.</summary>
    private static IEnumerable<StreamingAddress> WithAndWithoutSuffix(StreamingAddress address)
    {
        yield return address with { Suffix = "" };
        yield return address with { Suffix = address.Protocol == AmsStreamingProtocol.Hls ? StreamingFormat.HlsSuffix : StreamingFormat.DashSuffix };
    }
}
