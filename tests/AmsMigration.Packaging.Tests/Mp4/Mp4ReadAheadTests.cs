using AmsMigration.Packaging.Sources;
using AmsMigration.Packaging.Storage;
using AmsMigration.TestSupport;
using static AmsMigration.Packaging.Tests.Mp4.Mp4Reading;

namespace AmsMigration.Packaging.Tests.Mp4;

/// <summary>An index in the file lets the headers of far fragments be read at the same time.</summary>
public class Mp4ReadAheadTests
{
    private const int Count = 40;

    private static readonly MadeFragment[] _fragments = [.. Enumerable.Range(0, Count).Select(i => MadeFragment.Of(
        new MadeTraf { Samples = [.. Enumerable.Range(0, 10).Select(j => new MadeSample(40, new byte[30_000 + (i * j)], IsSync: j == 0))], DecodeTime = i * 400 }))];

    private static byte[] File(Func<long[], byte[]>? index = null)
    {
        var maker = new Mp4Maker { Tracks = [MadeTrack.Video(0)], Fragments = [] };
        byte[] header = maker.ToArray();
        List<byte> file = [.. header];
        List<long> offsets = [];
        foreach (MadeFragment fragment in _fragments)
        {
            offsets.Add(file.Count);
            file.AddRange(fragment.ToArray(file.Count));
        }

        return index is null ? [.. file] : [.. file, .. index([.. offsets])];
    }

    private static byte[] RandomAccessIndex(IEnumerable<long> offsets)
    {
        TestBox tfra = TestBox.Full("tfra", 1).U32(1).U32(0).U32(offsets.Count());
        foreach (long offset in offsets)
        {
            tfra.U64(0).U64(offset).U8(1).U8(1).U8(1);
        }

        TestBox mfro = TestBox.Full("mfro").U32(8 + tfra.ToArray().Length + 16);
        return new TestBox("mfra").With(tfra, mfro).ToArray();
    }

    private static async Task<(MediaFileContent Content, SlowByteSource Source)> ReadSlowlyAsync(byte[] file)
    {
        var source = new SlowByteSource(file);
        MediaFileContent content = await Mp4Reader.ReadAsync(source, FileIndex, default);
        Assert.Equal(0, source.UnderWay);
        return (content, source);
    }

    [Fact]
    public async Task Fragments_are_read_ahead_by_the_index_at_the_end()
    {
        (MediaFileContent plain, SlowByteSource one) = await ReadSlowlyAsync(File());
        (MediaFileContent indexed, SlowByteSource many) = await ReadSlowlyAsync(File(RandomAccessIndex));
        Assert.Equal(plain.Tracks[0].Samples(), indexed.Tracks[0].Samples());
        Assert.Equal(Count * 10, indexed.Tracks[0].Samples.Count);
        Assert.Equal(1, one.MostUnderWay);
        Assert.InRange(many.MostUnderWay, 4, 9);
        Assert.InRange(many.Reads, Count, Count + 6);
        Assert.Empty(indexed.Warnings);
    }

    [Fact]
    public async Task An_index_that_lies_changes_nothing()
    {
        Func<long[], byte[]>[] lies =
        [
            offsets => RandomAccessIndex(offsets.Select(offset => offset + 5)),
            offsets => RandomAccessIndex(offsets.Where((_, i) => i % 3 == 0)),
            offsets => RandomAccessIndex([.. offsets.Select(offset => offset - 20_000), long.MaxValue, -5]),
            offsets => [.. RandomAccessIndex(offsets)[..^4], 0xFF, 0xFF, 0xFF, 0xFF],
            offsets => [.. RandomAccessIndex(offsets)[..^4], 0, 0, 0, 30],
        ];
        List<ReadSample> expected = Read(File()).Tracks[0].Samples();
        foreach (Func<long[], byte[]> lie in lies)
        {
            (MediaFileContent content, _) = await ReadSlowlyAsync(File(lie));
            Assert.Equal(expected, content.Tracks[0].Samples());
        }
    }

    [Fact]
    public async Task Fragments_are_read_ahead_by_the_index_in_front()
    {
        var maker = new Mp4Maker { Tracks = [MadeTrack.Video(0)], Fragments = _fragments };
        byte[] whole = maker.ToArray();
        int start = whole.AsSpan().IndexOf("moof"u8) - 4;
        TestBox sidx = TestBox.Full("sidx").U32(1).U32(1000).U32(0).U32(0).U16(0).U16(Count);
        foreach (MadeFragment fragment in _fragments)
        {
            sidx.U32(fragment.ToArray(0).Length).U32(400).U32(0x90000000);
        }

        (MediaFileContent content, SlowByteSource source) = await ReadSlowlyAsync([.. whole[..start], .. sidx.ToArray(), .. whole[start..]]);
        Assert.Equal(Count * 10, content.Tracks[0].Samples.Count);
        Assert.InRange(source.MostUnderWay, 4, 9);
    }

    /// <summary>A file whose reads take a while, so that it shows how many are under way at once.</summary>
    private sealed class SlowByteSource(byte[] content) : IByteSource
    {
        private int _underWay;

        public string Path => "slow.mp4";

        public long Length => content.Length;

        public int Reads { get; private set; }

        public int UnderWay => _underWay;

        public int MostUnderWay { get; private set; }

        public async Task<int> ReadAsync(long offset, byte[] buffer, int index, int count, CancellationToken cancellation)
        {
            Reads++;
            MostUnderWay = Math.Max(MostUnderWay, Interlocked.Increment(ref _underWay));
            await Task.Delay(5, cancellation);
            int read = (int)Math.Max(0, Math.Min(count, content.Length - offset));
            Array.Copy(content, Math.Min(offset, content.Length), buffer, index, read);
            Interlocked.Decrement(ref _underWay);
            return read;
        }

        public void Dispose()
        {
        }
    }
}
