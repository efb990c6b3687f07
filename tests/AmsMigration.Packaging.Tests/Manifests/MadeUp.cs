using System.Text;
using AmsMigration.Packaging.Codecs;
using AmsMigration.Packaging.Manifests;
using AmsMigration.Packaging.Manifests.Events;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Tests.Manifests;

/// <summary>Renditions made of numbers, as a plan would hold them, for manifests of any length and codec.</summary>
internal sealed record MadeUp
{
    private const int HeaderLength = 800;
    private const int FragmentHeaderLength = 120;

    public required string Name { get; init; }

    public required TrackKind Kind { get; init; }

    public required CodecInfo Codec { get; init; }

    public uint Timescale { get; init; } = 90_000;

    /// <summary>Ticks of each segment.</summary>
    public required IReadOnlyList<long> Durations { get; init; }

    public long Start { get; init; }

    public int FragmentsPerSegment { get; init; } = 3;

    /// <summary>Bits a second of every segment but the first, which has half as much again.</summary>
    public long Bitrate { get; init; } = 1_000_000;

    public string? Language { get; init; }

    public string? Label { get; init; }

    public IReadOnlyList<string> Roles { get; init; } = [];

    public bool IsDefault { get; init; }

    public IReadOnlyList<string> ClosedCaptions { get; init; } = [];

    public bool StartsWithSync { get; init; } = true;

    public (long, long) FrameRate { get; init; } = (0, 1);

    public static long[] Repeat(long duration, int count, params long[] tail) => [.. Enumerable.Repeat(duration, count), .. tail];

    /// <summary>Six seconds a segment at 30000/1001 frames a second.</summary>
    public static MadeUp Video(int height, long bitrate) => new()
    {
        Name = $"video_{height}p",
        Kind = TrackKind.Video,
        Codec = VideoCodec("avc1.640028", "avc", height),
        Timescale = 30_000,
        Durations = Repeat(180_180, 4, 60_060),
        Bitrate = bitrate,
        FrameRate = (30_000, 1001),
    };

    /// <summary>Some six seconds a segment of 1024 samples a frame.</summary>
    public static MadeUp Audio(string? language, long bitrate, string family = "aac", int channels = 2) => new()
    {
        Name = $"audio_{language}_{family}_{channels}_{bitrate / 1000}k",
        Kind = TrackKind.Audio,
        Codec = AudioCodec(family, channels),
        Timescale = 48_000,
        Durations = [288_768, 287_744, 288_768, 287_744, 96_256],
        FragmentsPerSegment = 1,
        Bitrate = bitrate,
        Language = language,
    };

    public static MadeUp Text(string language, string fourCC) => new()
    {
        Name = $"text_{language}",
        Kind = TrackKind.Text,
        Codec = new CodecInfo
        {
            FourCC = fourCC,
            CodecString = fourCC == "stpp" ? "stpp.ttml.im1t" : fourCC,
            Name = fourCC,
            Family = fourCC,
            Kind = TrackKind.Text,
        },
        Timescale = 1000,
        Durations = [26_026],
        FragmentsPerSegment = 1,
        Bitrate = 800,
        Language = language,
    };

    public static CodecInfo VideoCodec(string codecString, string family, int height, VideoRange range = VideoRange.Sdr) => new()
    {
        FourCC = codecString[..4],
        CodecString = codecString,
        Name = family,
        Family = family,
        Kind = TrackKind.Video,
        Width = height * 16 / 9,
        Height = height,
        VideoRange = range,
    };

    public static CodecInfo AudioCodec(string family, int channels) => new()
    {
        FourCC = family == "aac" ? "mp4a" : family,
        CodecString = family == "aac" ? "mp4a.40.2" : family,
        Name = family,
        Family = family,
        Kind = TrackKind.Audio,
        Channels = channels,
        SampleRate = 48_000,
        HlsChannels = channels.ToString(),
        DashChannels = ("urn:mpeg:mpegB:cicp:ChannelConfiguration", (channels == 8 ? 7 : channels).ToString()),
    };

    /// <summary>Two cues, the second of which is longer than a segment.</summary>
    public static TextTrack Captions(string? language) => new()
    {
        Name = "subt",
        Language = language,
        Sources = [new TextSource(TextFormat.WebVtt, $"{language}.vtt")],
        Content = new TextContent(
            [new TextCue(500, 2500, "line:85%", $"Good <i>morning</i>\n{language}"), new TextCue(3000, 14_000, "", "A &amp; B", "2")],
            "STYLE\n::cue { color: lime }\n\n",
            []),
    };

    public static IReadOnlyList<OutputFile> Write(string manifestName, OutputLayout layout, params MadeUp[] renditions) =>
        Write(manifestName, layout, renditions, []);

    public static IReadOnlyList<OutputFile> Write(string manifestName, OutputLayout layout, MadeUp[] renditions, TextTrack[] texts)
    {
        Rendition[] made = [.. renditions.Select(r => r.ToRendition(manifestName, layout))];
        TextRendition[] captions = TextPlanner.Plan(texts, made, (0, 1), manifestName, layout, new HashSet<string>(), []);
        return ManifestWriter.Write(manifestName, made, captions, [], new EventTimeline(DateTime.UnixEpoch, []));
    }

    public static string Text(IReadOnlyList<OutputFile> files, string path) =>
        Encoding.UTF8.GetString([.. files.Single(f => f.Path == path).Extents.SelectMany(e => e.Literal!)]);

    public Rendition ToRendition(string manifestName, OutputLayout layout)
    {
        bool isSingleFile = layout == OutputLayout.SingleFile;
        string initPath = isSingleFile ? $"{manifestName}/{Name}.mp4" : $"{manifestName}/{Name}/init.mp4";
        long indexLength = isSingleFile ? 32 + (12 * Durations.Count) : 0;
        List<Segment> segments = [];
        List<Fragment> fragments = [];
        long offset = isSingleFile ? HeaderLength + indexLength : 0;
        long time = Start;
        foreach (long duration in Durations)
        {
            long segmentOffset = isSingleFile ? offset : 0;
            offset = isSingleFile ? offset : 24;
            long bytes = Math.Max(1000, TimeMath.RescaleUp(duration, Timescale, 1_000_000) * Bitrate / 8_000_000);
            bytes = segments.Count == 0 ? bytes * 3 / 2 : bytes;
            int first = fragments.Count;
            for (int i = 0; i < FragmentsPerSegment; i++)
            {
                long payload = (bytes / FragmentsPerSegment) - FragmentHeaderLength;
                long start = time + (duration * i / FragmentsPerSegment);
                fragments.Add(new Fragment(
                    fragments.Count, 1, offset, FragmentHeaderLength, payload, start, start, (uint)payload / 10, StartsWithSync));
                offset += FragmentHeaderLength + payload;
            }

            string path = isSingleFile ? initPath : $"{manifestName}/{Name}/{segments.Count + 1}.m4s";
            segments.Add(new Segment(path, segmentOffset, offset - segmentOffset, time, duration, first, FragmentsPerSegment));
            time += duration;
        }

        return new Rendition
        {
            Track = ToTrack(),
            Name = Name,
            InitPath = initPath,
            InitLength = HeaderLength,
            IndexLength = indexLength,
            Segments = segments,
            Fragments = fragments,
            Files = [],
            Duration = time - Start,
            PeakBandwidth = segments.Max(s => TimeMath.BitRate(s.Length, s.Duration, Timescale)),
            AverageBandwidth = TimeMath.BitRate(segments.Sum(s => s.Length), time - Start, Timescale),
            FrameRate = FrameRate,
            DisplayWidth = Codec.Width * Codec.SarWidth / Codec.SarHeight,
            DisplayHeight = Codec.Height,
        };
    }

    private Track ToTrack()
    {
        var samples = new SampleTableBuilder();
        samples.Add(1, 0, 1, true, 0, 0);
        return new Track
        {
            Kind = Kind,
            Name = Name,
            Label = Label,
            Language = Language,
            Roles = Roles,
            IsDefault = IsDefault,
            ClosedCaptions = ClosedCaptions,
            Timescale = Timescale,
            Descriptions = [new SampleDescription([], Codec)],
            Samples = samples.Build(),
            SourceFile = "made-up.mp4",
        };
    }
}
