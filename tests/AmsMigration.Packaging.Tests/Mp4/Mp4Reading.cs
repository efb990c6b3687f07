using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources;
using AmsMigration.Packaging.Storage;
using AmsMigration.TestSupport;

namespace AmsMigration.Packaging.Tests.Mp4;

/// <summary>Reads made files, and looks at what was read.</summary>
internal static class Mp4Reading
{
    public const int FileIndex = 3;

    public static MediaFileContent Read(byte[] file) => Read(new CountingByteSource(file));

    /// <summary>Sources in memory are done when they return.</summary>
    public static MediaFileContent Read(IByteSource source) => Mp4Reader.ReadAsync(source, FileIndex, default).GetAwaiter().GetResult();

    public static MediaFileContent Read(Mp4Maker maker) => Read(maker.ToArray());

    public static MediaFileContent Read(params MadeTrack[] tracks) => Read(new Mp4Maker { Tracks = [.. tracks] });

    public static Track ReadOne(params MadeTrack[] tracks) => Assert.Single(Read(tracks).Tracks);

    public static PackagingException Refusal(byte[] file) => Assert.Throws<PackagingException>(() => Read(file));

    public static List<ReadSample> Samples(this Track track)
    {
        List<ReadSample> samples = [];
        for (SampleCursor cursor = track.Samples.GetCursor(); !cursor.IsEnd; cursor.MoveNext())
        {
            samples.Add(new ReadSample(
                cursor.DecodeTime, cursor.Duration, cursor.CompositionOffset, cursor.Size, cursor.IsSync, cursor.File, cursor.Offset, cursor.Description));
        }

        return samples;
    }

    /// <summary>Every sample's time, flags and bytes are those that were made.</summary>
    public static void AssertIs(this Track track, MadeTrack made, byte[] file) => track.AssertIs(made.Samples, file);

    public static void AssertIs(this Track track, IList<MadeSample> made, byte[] file, long firstDecodeTime = 0)
    {
        List<ReadSample> samples = track.Samples();
        Assert.Equal(made.Count, samples.Count);
        long time = firstDecodeTime;
        for (int i = 0; i < samples.Count; i++)
        {
            ReadSample sample = samples[i];
            Assert.Equal((time, made[i].Duration, made[i].CompositionOffset, made[i].IsSync), (sample.DecodeTime, sample.Duration, sample.CompositionOffset, sample.IsSync));
            Assert.Equal(made[i].Data, file[(int)sample.Offset..(int)(sample.Offset + sample.Size)]);
            Assert.Equal(FileIndex, sample.File);
            time += made[i].Duration;
        }
    }

    public static string[] Codes(this MediaFileContent content) => [.. content.Warnings.Select(warning => warning.Code)];
}

internal sealed record ReadSample(long DecodeTime, uint Duration, int CompositionOffset, uint Size, bool IsSync, int File, long Offset, int Description)
{
    public long CompositionTime => DecodeTime + CompositionOffset;
}
