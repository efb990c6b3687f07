using System.Buffers.Binary;

namespace AmsMigration.TestSupport;

/// <summary>An MP4 file of any size, written without holding it in memory: a real header, and noise where the samples are.</summary>
public static class LargeFile
{
    private const int SampleSize = 256 * 1024;

    /// <param name="output">Gets the file from its first byte to its last.</param>
    /// <param name="megabytes">MiB of samples.</param>
    public static async Task WriteAsync(Stream output, int megabytes, int height)
    {
        int samples = megabytes * 4;
        byte[] sample = [0];
        var track = new MadeTrack
        {
            Width = height * 16 / 9,
            Height = height,
            SamplesPerChunk = samples,
            Samples = [.. Enumerable.Range(0, samples).Select(i => new MadeSample(40, sample, IsSync: i % 50 == 0))],
            Bend = trak => trak["mdia/minf/stbl/stsz"].Set(4, SampleSize),
        };
        byte[] small = new Mp4Maker { Tracks = [track] }.ToArray();
        int mediaBox = small.Length - samples - 8;
        BinaryPrimitives.WriteUInt32BigEndian(small.AsSpan(mediaBox), (uint)(8 + ((long)samples * SampleSize)));
        await output.WriteAsync(small.AsMemory(0, mediaBox + 8));
        byte[] noise = new byte[SampleSize];
        var random = new Random(height);
        random.NextBytes(noise);
        for (int i = 0; i < samples; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(noise, i);
            await output.WriteAsync(noise);
        }
    }
}
