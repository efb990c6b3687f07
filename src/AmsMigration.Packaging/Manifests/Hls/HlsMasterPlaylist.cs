using System.Globalization;
using System.Text;
using AmsMigration.Packaging.Codecs;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Manifests.Hls;

/// <summary>The multivariant playlist (RFC 8216bis 4.4.6).</summary>
internal static class HlsMasterPlaylist
{
    /// <summary>Players start with the first variant: about this is what Apple's authoring specification (9.11) asks for there.</summary>
    private const long StartBandwidth = 2_000_000;

    public static string Write(string path, string manifestName, IReadOnlyList<Rendition> renditions)
    {
        IReadOnlyList<AudioGroup> groups = AudioGroup.Of(renditions);
        List<Rendition> videos = [.. renditions.Where(r => r.Track.Kind == TrackKind.Video)];
        var text = new StringBuilder("#EXTM3U\n#EXT-X-VERSION:7\n");
        if (videos.All(video => video.Segments.All(segment => video.Fragments[segment.FirstFragment].IsSync)))
        {
            text.Append("#EXT-X-INDEPENDENT-SEGMENTS\n");
        }

        foreach (AudioGroup group in groups)
        {
            AppendAudio(text, path, manifestName, group);
        }

        IEnumerable<Variant> variants = videos.Count > 0
            ? videos.SelectMany(video => groups.Count > 0 ? groups.Select(group => new Variant(video, group)) : [new Variant(video, null)])
            : groups.Select(group => new Variant(group.Default, group));
        foreach (Variant variant in InOrder(variants))
        {
            text.Append("#EXT-X-STREAM-INF:").Append(Attributes(variant)).Append('\n')
                .Append(ManifestUri.Relative(path, ManifestWriter.MediaPlaylistPath(manifestName, variant.Main))).Append('\n');
        }

        foreach (Rendition video in videos.Where(HlsIFramePlaylist.IsPossible))
        {
            AppendIFrames(text, path, manifestName, video);
        }

        return text.ToString();
    }

    private static void AppendAudio(StringBuilder text, string path, string manifestName, AudioGroup group)
    {
        for (int i = 0; i < group.Renditions.Count; i++)
        {
            Rendition rendition = group.Renditions[i];
            CodecInfo codec = rendition.Track.Descriptions[0].Codec;
            bool isDefault = ReferenceEquals(rendition, group.Default);
            List<string> attributes =
            [
                "TYPE=AUDIO",
                Quoted("GROUP-ID", group.Id),
                Quoted("NAME", group.Names[i]),
            ];
            if (rendition.Track.Language is string language)
            {
                attributes.Add(Quoted("LANGUAGE", language));
            }

            attributes.Add(isDefault ? "DEFAULT=YES" : "DEFAULT=NO");
            attributes.Add("AUTOSELECT=YES");
            if (AudioGroup.IsDescription(rendition))
            {
                attributes.Add(Quoted("CHARACTERISTICS", "public.accessibility.describes-video"));
            }

            if (codec.HlsChannels is string channels)
            {
                attributes.Add(Quoted("CHANNELS", channels));
            }

            attributes.Add(Quoted("URI", ManifestUri.Relative(path, ManifestWriter.MediaPlaylistPath(manifestName, rendition))));
            text.Append("#EXT-X-MEDIA:").Append(string.Join(",", attributes)).Append('\n');
        }
    }

    private static void AppendIFrames(StringBuilder text, string path, string manifestName, Rendition video)
    {
        (long peak, long average) = HlsIFramePlaylist.Bandwidth(video);
        List<string> attributes = [Number("BANDWIDTH", peak), Number("AVERAGE-BANDWIDTH", average), .. VideoAttributes(video, [])];
        attributes.Add(Quoted("URI", ManifestUri.Relative(path, ManifestWriter.IFramePlaylistPath(manifestName, video))));
        text.Append("#EXT-X-I-FRAME-STREAM-INF:").Append(string.Join(",", attributes)).Append('\n');
    }

    private static string Attributes(Variant variant)
    {
        List<string> attributes = [Number("BANDWIDTH", variant.PeakBandwidth), Number("AVERAGE-BANDWIDTH", variant.AverageBandwidth)];
        Rendition main = variant.Main;
        if (main.Track.Kind == TrackKind.Video)
        {
            attributes.AddRange(VideoAttributes(main, variant.Audio?.Codecs ?? []));
            (long numerator, long denominator) = main.FrameRate;
            if (numerator > 0)
            {
                long thousandths = ((numerator * 1000) + (denominator / 2)) / denominator;
                attributes.Add(string.Format(CultureInfo.InvariantCulture, "FRAME-RATE={0}.{1:D3}", thousandths / 1000, thousandths % 1000));
            }
        }
        else
        {
            attributes.Add(Quoted("CODECS", string.Join(",", variant.Audio!.Codecs)));
        }

        if (variant.Audio is AudioGroup group)
        {
            attributes.Add(Quoted("AUDIO", group.Id));
        }

        return string.Join(",", attributes);
    }

    private static IEnumerable<string> VideoAttributes(Rendition video, IEnumerable<string> audioCodecs)
    {
        CodecInfo codec = video.Track.Descriptions[0].Codec;
        yield return Quoted("CODECS", string.Join(",", video.Track.Descriptions.Select(d => d.Codec.CodecString).Concat(audioCodecs).Distinct()));
        if (codec.SupplementalCodecs is string supplemental)
        {
            yield return Quoted("SUPPLEMENTAL-CODECS", supplemental);
        }

        if (video.DisplayWidth > 0 && video.DisplayHeight > 0)
        {
            yield return string.Format(CultureInfo.InvariantCulture, "RESOLUTION={0}x{1}", video.DisplayWidth, video.DisplayHeight);
        }

        yield return codec.VideoRange switch
        {
            VideoRange.Pq => "VIDEO-RANGE=PQ",
            VideoRange.Hlg => "VIDEO-RANGE=HLG",
            _ => "VIDEO-RANGE=SDR",
        };
    }

    /// <summary>The start first, then from low to high.</summary>
    private static IEnumerable<Variant> InOrder(IEnumerable<Variant> variants)
    {
        List<Variant> sorted = [.. variants.OrderBy(variant => variant.PeakBandwidth)];
        if (sorted.Count < 2)
        {
            return sorted;
        }

        Variant start = sorted.LastOrDefault(variant => variant.PeakBandwidth <= StartBandwidth) ?? sorted[0];
        return new[] { start }.Concat(sorted.Where(variant => variant != start));
    }

    private static string Number(string name, long value) => string.Format(CultureInfo.InvariantCulture, "{0}={1}", name, value);

    /// <summary>A quoted-string holds no line feed, carriage return or double quote (RFC 8216bis 4.2).</summary>
    private static string Quoted(string name, string value) =>
        $"{name}=\"{new string([.. value.Where(c => !char.IsControl(c)).Select(c => c == '"' ? '\'' : c)])}\"";

    private sealed record Variant(Rendition Main, AudioGroup? Audio)
    {
        private bool HasVideo => Main.Track.Kind == TrackKind.Video;

        public long PeakBandwidth => (HasVideo ? Main.PeakBandwidth : 0) + (Audio?.PeakBandwidth ?? 0);

        public long AverageBandwidth => (HasVideo ? Main.AverageBandwidth : 0) + (Audio?.AverageBandwidth ?? 0);
    }
}
