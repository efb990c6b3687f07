using AmsMigration.Packaging.Codecs;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Tests.Planning;

/// <summary>Presentations made of numbers: one source file of random bytes, tracks whose samples lie anywhere in it.</summary>
internal static class TestPresentation
{
    /// <summary>320 by 240 pixels, High Profile, level 1.3.</summary>
    private const string Avc1 =
        "AAAArmF2YzEAAAAAAAAAAQAAAAAAAAAAAAAAAAAAAAABQADwAEgAAABIAAAAAAAAAAEVTGF2YzU5LjM3LjEwMCBsaWJ4MjY0AAAAAAAAAAAAAAAY//8AAAA0"
        + "YXZjQwFkAA3/4QAXZ2QADazZQUH7ARAAAD6QAA6mAPFCmWABAAZo6+PLIsD9+PgAAAAAEHBhc3AAAAABAAAAAQAAABRidHJ0AAAAAAAExm0ABMZt";

    /// <summary>AAC LC, one channel, 48 kHz.</summary>
    private const string Mp4a =
        "AAAAbm1wNGEAAAAAAAAAAQAAAAAAAAAAAAIAEAAAAAC7gAAAAAAANmVzZHMAAAAAA4CAgCUAAgAEgICAF0AVAAAAAAEPAQABDwEFgICABRGIVuUABoCAgAEC"
        + "AAAAFGJ0cnQAAAAAAAEPAQABDwE=";

    public static readonly byte[] Source = MakeSource(1 << 20);

    public static Presentation Of(params Track[] tracks) => new()
    {
        Name = "talk",
        Files = [new AssetFile("talk.mp4", Source.Length), new AssetFile("long.mp4", long.MaxValue)],
        Tracks = tracks,
    };

    public static PackagingPlan Plan(OutputLayout layout, double segmentSeconds, params Track[] tracks) =>
        PackagingPlanner.Plan(Of(tracks), new PackagingOptions { Layout = layout, SegmentDuration = TimeSpan.FromSeconds(segmentSeconds) });

    public static PackagingPlan Plan(params Track[] tracks) => Plan(OutputLayout.SingleFile, 6, tracks);

    public static Track Video(SampleTable samples, uint timescale = 30_000, int width = 1280, int height = 720) => new()
    {
        Kind = TrackKind.Video,
        Name = "video",
        Timescale = timescale,
        SourceFile = "talk.mp4",
        SourceTrackId = 1,
        Samples = samples,
        Descriptions = [Describe("avc1", width, height)],
    };

    public static Track Audio(SampleTable samples, uint timescale = 48_000, string? language = "en") => new()
    {
        Kind = TrackKind.Audio,
        Name = "audio",
        Language = language,
        Timescale = timescale,
        SourceFile = "talk.mp4",
        SourceTrackId = 2,
        Samples = samples,
        Descriptions = [Describe("mp4a", 0, 0)],
    };

    public static Track Text(SampleTable samples, uint timescale = 1000, string fourCC = "wvtt") => new()
    {
        Kind = TrackKind.Text,
        Name = "text",
        Language = "de",
        Timescale = timescale,
        SourceFile = "talk.mp4",
        SourceTrackId = 3,
        Samples = samples,
        Descriptions = [Describe(fourCC, 0, 0)],
    };

    public static SampleDescription Describe(string fourCC, int width, int height)
    {
        byte[] entry = fourCC switch
        {
            "avc1" => Convert.FromBase64String(Avc1),
            "mp4a" => Convert.FromBase64String(Mp4a),
            "wvtt" => [0, 0, 0, 30, .. "wvtt"u8, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 14, .. "vttCWEBVTT"u8],
            _ => [0, 0, 0, 49, .. "stpp"u8, 0, 0, 0, 0, 0, 0, 0, 1, .. "http://www.w3.org/ns/ttml\0\0\0"u8, 0, 0, 0, 0],
        };
        string codec = fourCC switch
        {
            "avc1" => "avc1.64000d",
            "mp4a" => "mp4a.40.2",
            _ => fourCC,
        };
        var info = new CodecInfo { FourCC = fourCC, CodecString = codec, Name = fourCC, Family = fourCC, Width = width, Height = height };
        return new SampleDescription(entry, info);
    }

    /// <summary>
    /// Samples of one duration; a sync sample every <paramref name="gop"/>; decoded <paramref name="delay"/> frames early.
    /// </summary>
    public static SampleTable Frames(int count, uint duration, int gop, int delay = 0, long firstDecodeTime = 0, uint size = 100)
    {
        var builder = new SampleTableBuilder(count);
        builder.SetDecodeTime(firstDecodeTime);
        for (int i = 0; i < count; i++)
        {
            builder.Add(duration, delay * (int)duration, size, i % gop == 0, 0, i % 5000 * 100);
        }

        return builder.Build();
    }

    /// <summary>
    /// Closed groups of I, P and two B pictures in decode order, as encoders with B-frames write them: offsets 1, 3, 0, 0 frames and so
    /// on.
    /// </summary>
    public static SampleTable FramesWithReordering(int groups, int gop, uint duration)
    {
        var builder = new SampleTableBuilder(groups * gop);
        for (int i = 0; i < groups * gop; i++)
        {
            int inGop = i % gop;
            int offset = inGop == 0 || inGop > (gop - 1) / 3 * 3 ? 1 : ((inGop - 1) % 3) switch { 0 => 3, _ => 0 };
            builder.Add(duration, offset * (int)duration, 100, inGop == 0, 0, i % 5000 * 100);
        }

        return builder.Build();
    }

    private static byte[] MakeSource(int length)
    {
        byte[] bytes = new byte[length];
        new Random(7).NextBytes(bytes);
        return bytes;
    }
}
