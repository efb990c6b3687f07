using System.Globalization;
using System.Text.Json;
using AmsMigration.Infrastructure.Accounts;
using AmsMigration.Packaging.Manifests.Aliases;

namespace AmsMigration.Infrastructure.Metadata;

/// <summary>Filters in the service's JSON. Windows and back-offs are for events that go on, and say nothing of what is over.</summary>
internal static class FilterJson
{
    /// <summary>Those that hold for an asset: its own before those of the account.</summary>
    public static PresentationFilter[] Read(IEnumerable<JsonElement> ofAsset, IEnumerable<JsonElement> ofAccount) =>
        [.. ofAsset.Concat(ofAccount).Select(Read).OfType<PresentationFilter>().GroupBy(filter => filter.Name, StringComparer.OrdinalIgnoreCase).Select(same => same.First())];

    /// <summary>Null for what has no name.</summary>
    private static PresentationFilter? Read(JsonElement filter)
    {
        if (Json.Text(filter, "name") is not { Length: > 0 } name)
        {
            return null;
        }

        JsonElement properties = ServiceJson.Properties(filter);
        bool hasTimescale = Number(properties, "presentationTimeRange", "timescale") is long and > 0 and <= uint.MaxValue;
        return new PresentationFilter(name)
        {
            Timescale = hasTimescale ? (uint)Number(properties, "presentationTimeRange", "timescale")! : 10_000_000,
            Start = Time(Number(properties, "presentationTimeRange", "startTimestamp")) is long start and > 0 ? start : null,
            End = Time(Number(properties, "presentationTimeRange", "endTimestamp")),
            FirstQuality = Number(properties, "firstQuality", "bitrate") is long bitrate and > 0 ? bitrate : null,
            Tracks = ServiceJson.Selections(properties),
        };
    }

    /// <summary>The greatest numbers of the type stand for no end; the examples of the service have one that is a little less.</summary>
    private static long? Time(long? ticks) => ticks is long there and >= 0 and < long.MaxValue / 2 ? there : null;

    /// <summary>The service writes some numbers as text.</summary>
    private static long? Number(JsonElement element, params string[] path) => Json.Find(element, path) switch
    {
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt64(out long value) => value,
        { ValueKind: JsonValueKind.String } text when long.TryParse(text.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) => value,
        _ => null,
    };
}
