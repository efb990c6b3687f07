using AmsMigration.Conversion;
using AmsMigration.Metadata;

namespace AmsMigration.StreamingUrls.Map;

/// <summary>Finds for every old address of a converted asset what plays it now.</summary>
/// <param name="oldHosts">Beside those that metadata names, in lower case.</param>
internal sealed class StreamingUrlMapper(NewAddresses addresses, IReadOnlyList<string> oldHosts)
{
    /// <param name="metadata">From an export; null where there is none.</param>
    public IEnumerable<AmsStreamingUrlMapEntry> Map(AmsConversionResult result, AmsAssetMetadata? metadata)
    {
        List<(StreamingAddress Address, string Uri)> aliases = [];
        foreach (AmsStreamingAlias alias in result.StreamingAliases)
        {
            string path = $"/{alias.LocatorId}/{Uri.EscapeDataString(alias.ManifestName)}/{Uri.EscapeDataString(alias.Request)}";
            if (StreamingAddress.TryParse(path) is StreamingAddress address)
            {
                aliases.Add((address, alias.Uri));
            }
        }

        ILookup<string, string> byPath = aliases.ToLookup(alias => alias.Address.RelativePath, alias => alias.Uri, StringComparer.OrdinalIgnoreCase);
        return OldAddresses.Of(result, metadata, [.. aliases.Select(alias => alias.Address)], oldHosts).Select(address =>
        {
            (AmsStreamingUrlTarget target, string? location, string? note) = Find(address, result, byPath);
            string? found = location is null ? null : addresses.Of(location);
            bool isUnpublished = location is not null && found is null;
            return new AmsStreamingUrlMapEntry
            {
                OldUrl = address.ToString(),
                NewUrl = found,
                Protocol = address.Protocol,
                Format = address.Format,
                Target = isUnpublished ? AmsStreamingUrlTarget.None : target,
                AssetName = result.AssetName,
                LocatorId = address.LocatorId.ToString("D"),
                ManifestName = address.ManifestName,
                Note = isUnpublished ? "The output lies in a folder; -BaseUri and -Destination say where that is published." : note,
            };
        });
    }

    private static (AmsStreamingUrlTarget Target, string? Location, string? Note) Find(StreamingAddress address, AmsConversionResult result, ILookup<string, string> aliases)
    {
        if (Alternatives(address).SelectMany(alternative => aliases[alternative.RelativePath]).FirstOrDefault() is string alias)
        {
            return (AmsStreamingUrlTarget.Alias, alias, null);
        }

        if (result.Presentations.Length == 0)
        {
            return None(result.Status == AmsConversionStatus.Failed ? "The asset was not converted." : "The output has nothing that plays.");
        }

        if (FindPresentation(address.ManifestName, result.Presentations) is not AmsPresentationOutput presentation)
        {
            return None($"The output has no presentation of '{address.ManifestName}'.");
        }

        (string? location, string? note) = address.Protocol switch
        {
            AmsStreamingProtocol.Hls => (presentation.HlsUri, null),
            AmsStreamingProtocol.Dash => (presentation.DashUri, null),
            AmsStreamingProtocol.SmoothStreaming => (presentation.DashUri, "Leads to DASH: players that speak Smooth Streaming alone do not play it."),
            _ => ((string?)null, $"Nobody knows the format '{address.Format}'."),
        };
        return location is null ? None(note ?? "The output has no manifest of this protocol.") : (AmsStreamingUrlTarget.Presentation, location, note ?? Whole(address));

        static (AmsStreamingUrlTarget, string?, string?) None(string why) => (AmsStreamingUrlTarget.None, null, why);
    }

    /// <summary>
    /// With and without what players that look at extensions were given, then without the encryption: what an alias leads to is encrypted or not, whoever asks.
    /// Smooth Streaming by its name is what it is without one.
    /// </summary>
    private static IEnumerable<StreamingAddress> Alternatives(StreamingAddress address)
    {
        StreamingAddress clear = address with { Parameters = [.. address.Parameters.Where(parameter => !IsNamed(parameter, "encryption"))] };
        foreach (StreamingAddress one in (StreamingAddress[])[address, clear])
        {
            yield return one;
            yield return one with { Suffix = "" };
        }

        if (string.Equals(address.Format, "fmp4", StringComparison.OrdinalIgnoreCase))
        {
            yield return clear with { Parameters = [.. clear.Parameters.Where(parameter => !IsNamed(parameter, "format"))] };
        }
    }

    private static AmsPresentationOutput? FindPresentation(string manifestName, AmsPresentationOutput[] presentations)
    {
        string name = Path.GetFileNameWithoutExtension(manifestName);
        return presentations.FirstOrDefault(presentation => string.Equals(presentation.Name, name, StringComparison.OrdinalIgnoreCase))
            ?? presentations.FirstOrDefault(presentation => presentation.Name.EndsWith("-" + name, StringComparison.OrdinalIgnoreCase))
            ?? (presentations.Length == 1 ? presentations[0] : null);
    }

    /// <summary>What the address asked for and a whole presentation does not heed; null where nothing.</summary>
    private static string? Whole(StreamingAddress address)
    {
        string[] unheeded = ["filter", "audio-only", "startTime", "endTime", "audioTrack"];
        StreamingParameter[] parameters =
            [.. address.Parameters.Where(parameter => unheeded.Any(name => IsNamed(parameter, name)) && parameter.Value is not (null or "false"))];
        return parameters.Length == 0 ? null : $"Plays all of it: {string.Join(", ", parameters.Select(parameter => parameter.ToString()))} is not heeded.";
    }

    private static bool IsNamed(StreamingParameter parameter, string name) => string.Equals(parameter.Name, name, StringComparison.OrdinalIgnoreCase);
}
