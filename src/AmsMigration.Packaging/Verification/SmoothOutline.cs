using System.Globalization;
using AmsMigration.Packaging.Sources.Smooth;

namespace AmsMigration.Packaging.Verification;

/// <summary>The ends of each quality level of a Smooth Streaming presentation, at the addresses that MS-SSTR 2.2.3 gives fragments.</summary>
internal static class SmoothOutline
{
    /// <exception cref="FormatException">There is nothing to play.</exception>
    public static ManifestOutline Read(ClientManifest manifest, Uri address)
    {
        OutlinedRendition[] renditions =
        [
            .. from stream in manifest.Streams
               where stream.Type is "video" or "audio" or "text" && stream.ParentStream is null && stream.ChunkCount > 0
               from level in stream.QualityLevels
               let last = stream.Chunks[stream.Chunks.Count - 1]
               let times = (long[])[stream.Chunks[0].Time, checked(last.Time + ((last.Count - 1) * last.Duration))]
               select new OutlinedRendition($"{stream.Name} {level.Bitrate}", [.. times.Distinct().Select(time => Fragment(address, stream, level, time))]),
        ];
        return renditions.Length > 0
            ? new ManifestOutline { Kind = ManifestKind.Smooth, Renditions = renditions }
            : throw new FormatException("the manifest has no stream with fragments");
    }

    private static OutlinedPart Fragment(Uri manifest, ClientStream stream, ClientQualityLevel level, long time) => new(ManifestOutline.Resolve(
        manifest,
        string.Format(CultureInfo.InvariantCulture, "QualityLevels({0})/Fragments({1}={2})", level.Bitrate, Uri.EscapeDataString(stream.Name), time)));
}
