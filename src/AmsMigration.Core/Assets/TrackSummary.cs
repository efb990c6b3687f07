using AmsMigration.Packaging.Codecs;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources;

namespace AmsMigration.Assets;

/// <summary>Turns what packaging knows of a track into what a user wants to see.</summary>
internal static class TrackSummary
{
    public static AmsTrack Of(string presentation, Track track)
    {
        SampleTable samples = track.Samples;
        long ticks = samples.EndDecodeTime - samples.FirstDecodeTime;
        CodecInfo codec = track.Descriptions[0].Codec;
        return new AmsTrack
        {
            Presentation = presentation,
            Type = track.Kind.ToString(),
            Name = track.Name,
            Codec = codec.Name,
            CodecString = codec.CodecString,
            Language = track.Language,
            Width = codec.Width,
            Height = codec.Height,
            FrameRate = track.Kind == TrackKind.Video && ticks > 0 ? decimal.Round((decimal)samples.Count * track.Timescale / ticks, 3) : 0,
            Channels = codec.Channels,
            SampleRate = codec.SampleRate,
            Bitrate = ticks > 0 ? (long)((decimal)samples.TotalBytes * 8 * track.Timescale / ticks) : 0,
            Duration = ToTimeSpan(ticks, track.Timescale),
            File = track.SourceFile,
            TrackId = track.SourceTrackId,
        };
    }

    /// <summary>Of a track whose text has not been read.</summary>
    public static AmsTrack Of(string presentation, TextTrack text)
    {
        TextSource source = text.Sources[0];
        return new AmsTrack
        {
            Presentation = presentation,
            Type = TrackKind.Text.ToString(),
            Name = text.Label ?? text.Name,
            Codec = source.Format switch
            {
                TextFormat.WebVtt => "WebVTT",
                TextFormat.Ttml => "TTML",
                _ => source.Samples!.Descriptions[0].Codec.Name,
            },
            CodecString = source.Samples?.Descriptions[0].Codec.CodecString,
            Language = text.Language,
            Duration = source.Samples is Track track
                ? ToTimeSpan(track.Samples.EndDecodeTime - track.Samples.FirstDecodeTime, track.Timescale)
                : TimeSpan.Zero,
            File = source.File,
            TrackId = source.Samples?.SourceTrackId ?? 0,
        };
    }

    public static AmsTrack Of(string presentation, TextRendition text) => new()
    {
        Presentation = presentation,
        Type = TrackKind.Text.ToString(),
        Name = text.Name,
        Codec = "WebVTT",
        Language = text.Track.Language,
        Bitrate = text.AverageBandwidth,
        Duration = TimeSpan.FromMilliseconds(text.Cues.Select(cue => cue.End).DefaultIfEmpty(0).Max()),
        File = text.Path,
    };

    public static AmsTrack Of(LeftOutTrack track) => new()
    {
        Presentation = "",
        Type = "Unsupported",
        Name = track.Codec,
        Codec = track.Codec,
        File = track.File,
        TrackId = track.TrackId,
        Refusal = track.Reason,
    };

    public static AmsTrack Of(string presentation, Rendition rendition)
    {
        (long numerator, long denominator) = rendition.FrameRate;
        AmsTrack source = Of(presentation, rendition.Track);
        return new AmsTrack
        {
            Presentation = presentation,
            Type = source.Type,
            Name = rendition.Name,
            Codec = source.Codec,
            CodecString = source.CodecString,
            Language = source.Language,
            Width = rendition.DisplayWidth,
            Height = rendition.DisplayHeight,
            FrameRate = decimal.Round((decimal)numerator / denominator, 3),
            Channels = source.Channels,
            SampleRate = source.SampleRate,
            Bitrate = rendition.AverageBandwidth,
            Duration = ToTimeSpan(rendition.Duration, rendition.Track.Timescale),
            File = rendition.InitPath,
            TrackId = source.TrackId,
        };
    }

    /// <summary>To the 100 ns tick at or below.</summary>
    public static TimeSpan ToTimeSpan(long ticks, uint timescale) =>
        new((long)decimal.Floor((decimal)ticks * TimeSpan.TicksPerSecond / timescale));
}
