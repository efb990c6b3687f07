namespace AmsMigration.TestSupport;

/// <summary>A sample of a made track.</summary>
/// <param name="Description">sample_description_index, from 1.</param>
public sealed record MadeSample(uint Duration, byte[] Data, int CompositionOffset = 0, bool IsSync = true, uint Description = 1);

/// <summary>A track of a made file: what its boxes say.</summary>
public sealed class MadeTrack
{
    public uint Id { get; set; } = 1;

    public string Handler { get; set; } = "vide";

    public string HandlerName { get; set; } = "VideoHandler";

    public uint Timescale { get; set; } = 1000;

    /// <summary>mdhd's 16 bits; <c>und</c>.</summary>
    public int PackedLanguage { get; set; } = 0x55C4;

    public uint HeaderFlags { get; set; } = 7;

    public uint[] Matrix { get; set; } = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000];

    public int Width { get; set; } = 320;

    public int Height { get; set; } = 180;

    /// <summary>Complete sample entries.</summary>
    public IList<byte[]> Entries { get; set; } = [SampleEntries.Avc];

    public IList<MadeSample> Samples { get; set; } = [];

    /// <summary>Null for no edit list.</summary>
    public IList<(long Duration, long MediaTime, uint Rate)>? Edits { get; set; }

    public bool IsLongEditList { get; set; }

    public int SamplesPerChunk { get; set; } = 5;

    /// <summary>ctts version; null for 1 where an offset is negative.</summary>
    public byte? CompositionVersion { get; set; }

    /// <summary>Bits a size in stz2; 0 for stsz.</summary>
    public int CompactSizeBits { get; set; }

    /// <summary>co64 instead of stco.</summary>
    public bool HasLargeOffsets { get; set; }

    /// <summary>Null: where not every sample is a sync sample.</summary>
    public bool? HasSyncTable { get; set; }

    /// <summary>Bends the finished 'trak'; called several times, so it must do the same each time.</summary>
    public Action<TestBox>? Bend { get; set; }

    /// <summary>Frames of video in GOPs of that length, with content that tells them apart.</summary>
    public static MadeTrack Video(int count, uint duration = 40, int gop = 10, uint id = 1) => new()
    {
        Id = id,
        Samples = [.. Enumerable.Range(0, count).Select(i => new MadeSample(duration, Content(id, i, 20 + (i % 7)), IsSync: i % gop == 0))],
    };

    /// <summary>Frames of AAC at 48 kHz.</summary>
    public static MadeTrack Audio(int count, uint id = 2) => new()
    {
        Id = id,
        Handler = "soun",
        HandlerName = "SoundHandler",
        Timescale = 48000,
        Width = 0,
        Height = 0,
        Entries = [SampleEntries.Aac],
        Samples = [.. Enumerable.Range(0, count).Select(i => new MadeSample(1024, Content(id, i, 9 + (i % 4))))],
    };

    private static byte[] Content(uint id, int index, int length) => [.. Enumerable.Range(0, length).Select(i => (byte)((id * 50) + (uint)index + (uint)i))];
}

/// <summary>Makes MP4 files in memory, well-formed and odd ones.</summary>
public sealed class Mp4Maker
{
    /// <summary>Null for a file without 'ftyp', as old QuickTime wrote it.</summary>
    public string? Brand { get; set; } = "isom";

    public uint Timescale { get; set; } = 1000;

    public IList<MadeTrack> Tracks { get; set; } = [];

    /// <summary>Makes the file fragmented: 'mvex', and the fragments behind 'moov'. Tracks may have samples in tables besides.</summary>
    public IList<MadeFragment>? Fragments { get; set; }

    public bool IsMovieLast { get; set; }

    /// <summary>Tracks go to so many 'mdat' boxes, chunk by chunk.</summary>
    public int MediaBoxes { get; set; } = 1;

    public bool HasLargeMediaBoxes { get; set; }

    /// <summary>The size field of the last 'mdat' is 0.</summary>
    public bool IsMediaToEndOfFile { get; set; }

    /// <summary>Between 'ftyp' and what follows.</summary>
    public byte[] Front { get; set; } = [];

    /// <summary>Behind the last box.</summary>
    public byte[] Tail { get; set; } = [];

    /// <summary>Bends the finished 'moov'; called several times, so it must do the same each time.</summary>
    public Action<TestBox>? Bend { get; set; }

    public byte[] ToArray()
    {
        byte[] front = Brand is null ? Front : [.. new TestBox("ftyp").Text(Brand).U32(0).Text(Brand).ToArray(), .. Front];
        List<(MadeTrack Track, MadeSample[] Samples)> chunks = Interleave();
        byte[][] media = [.. Enumerable.Range(0, MediaBoxes).Select(i => MakeMediaBox(chunks, i))];

        // Offsets do not change the length of 'moov', so a first one without them tells where media will lie.
        int movieLength = MakeMovie(chunks, _ => 0).Length;
        long mediaStart = front.Length + (IsMovieLast ? 0 : movieLength);
        long[] offsets = FindOffsets(chunks, media, mediaStart);
        byte[] movie = MakeMovie(chunks, chunk => offsets[chunk]);
        List<byte> file = [.. front];
        file.AddRange(IsMovieLast ? [] : movie);
        file.AddRange(chunks.Count == 0 ? [] : media.SelectMany(box => box));
        file.AddRange(IsMovieLast ? movie : []);
        foreach (MadeFragment fragment in Fragments ?? [])
        {
            file.AddRange(fragment.ToArray(file.Count));
        }

        return [.. file, .. Tail];
    }

    private List<(MadeTrack Track, MadeSample[] Samples)> Interleave()
    {
        List<(MadeTrack, MadeSample[])> chunks = [];
        List<(MadeTrack Track, MadeSample[][] Chunks)> tracks =
            [.. Tracks.Select(track => (track, track.Samples.Chunk(track.SamplesPerChunk).SelectMany(SplitByDescription).ToArray()))];
        for (int i = 0; tracks.Any(track => i < track.Chunks.Length); i++)
        {
            chunks.AddRange(tracks.Where(track => i < track.Chunks.Length).Select(track => (track.Track, track.Chunks[i])));
        }

        return chunks;
    }

    private static IEnumerable<MadeSample[]> SplitByDescription(MadeSample[] samples)
    {
        for (int start = 0; start < samples.Length;)
        {
            int end = start;
            while (end < samples.Length && samples[end].Description == samples[start].Description)
            {
                end++;
            }

            yield return samples[start..end];
            start = end;
        }
    }

    private int MediaBoxOf(int chunk) => chunk % MediaBoxes;

    private byte[] MakeMediaBox(List<(MadeTrack Track, MadeSample[] Samples)> chunks, int index)
    {
        var box = new TestBox("mdat") { IsLarge = HasLargeMediaBoxes, ClaimedSize = IsMediaToEndOfFile && index == MediaBoxes - 1 ? 0 : null };
        return box.Bytes([.. chunks.Where((_, i) => MediaBoxOf(i) == index).SelectMany(chunk => chunk.Samples).SelectMany(sample => sample.Data)]).ToArray();
    }

    private long[] FindOffsets(List<(MadeTrack Track, MadeSample[] Samples)> chunks, byte[][] media, long mediaStart)
    {
        long[] next = [.. media.Select((_, i) => mediaStart + media.Take(i).Sum(box => (long)box.Length) + (HasLargeMediaBoxes ? 16 : 8))];
        var offsets = new long[chunks.Count];
        for (int i = 0; i < offsets.Length; i++)
        {
            offsets[i] = next[MediaBoxOf(i)];
            next[MediaBoxOf(i)] += chunks[i].Samples.Sum(sample => (long)sample.Data.Length);
        }

        return offsets;
    }

    private byte[] MakeMovie(List<(MadeTrack Track, MadeSample[] Samples)> chunks, Func<int, long> offsetOf)
    {
        TestBox moov = new TestBox("moov").With(
            TestBox.Full("mvhd").Zeros(8).U32(Timescale).U32(0).U32(0x10000).U16(0x100).Zeros(10).Zeros(36).Zeros(24).U32(100));
        foreach (MadeTrack track in Tracks)
        {
            (long Offset, MadeSample[] Samples)[] own =
                [.. chunks.Select((chunk, i) => (chunk, i)).Where(c => c.chunk.Track == track).Select(c => (offsetOf(c.i), c.chunk.Samples))];
            TestBox trak = TrackBoxMaker.Make(track, own);
            track.Bend?.Invoke(trak);
            moov.With(trak);
        }

        if (Fragments is not null)
        {
            moov.With(new TestBox("mvex").With([.. Tracks.Select(track => TestBox.Full("trex").U32(track.Id).U32(1).U32(0).U32(0).U32(0))]));
        }

        Bend?.Invoke(moov);
        return moov.ToArray();
    }
}
