namespace AmsMigration.TestSupport.Assets;

/// <summary>Lays streams out as a live event's archive: a folder for each with a header and a blob for each fragment.</summary>
public sealed class LiveArchiveMaker(string format)
{
    private static readonly byte[] LiveManifestType = Convert.FromHexString("a5d40b30e81411ddba2f0800200c9a66");

    public List<MadeStream> Streams { get; set; } = [];

    /// <summary>Samples of each chunk of a low-latency blob; 0 for one moof a blob.</summary>
    public int ChunkSamples { get; set; }

    /// <summary>styp in front of each blob, and prft in front of each moof of low latency.</summary>
    public bool HasSegmentType { get; set; } = format.EndsWith("-cmaf", StringComparison.Ordinal);

    /// <summary>StreamIndex elements beside those of <see cref="Streams"/>.</summary>
    public string MoreIndexes { get; set; } = "";

    /// <summary>Elements of the server manifest beside those of <see cref="Streams"/>.</summary>
    public string MoreTracks { get; set; } = "";

    public bool HasClientManifest { get; set; } = true;

    public MemoryAssetStore ToStore(string name = "event")
    {
        var store = new MemoryAssetStore(name);
        store.With($"{name}.ism", AssetManifests.Server(name, format, Streams, stream => (stream.Folder, stream.TrackId), MoreTracks));
        if (HasClientManifest)
        {
            store.With($"{name}.ismc", AssetManifests.Client(Streams, MoreIndexes));
        }

        foreach (MadeStream stream in Streams)
        {
            store.With($"{stream.Folder}/header", ToHeader(stream));
            foreach (MadeChunk chunk in stream.Chunks)
            {
                byte[] blob = ToBlob(stream, chunk);
                store.With($"{stream.Folder}/{chunk.Name}", chunk.CutTo is int length ? blob[..length] : blob);
            }
        }

        return store;
    }

    /// <summary>The blob that comes before all fragments.</summary>
    public static byte[] ToHeader(MadeStream stream) =>
    [
        .. new Mp4Maker { Brand = "iso6", Tracks = [stream.ToTrack()], Fragments = [] }.ToArray(),
        .. new TestBox("uuid").Bytes(LiveManifestType).Text("<smil/>").ToArray(),
    ];

    private byte[] ToBlob(MadeStream stream, MadeChunk chunk)
    {
        List<byte> blob = [.. chunk.Front, .. HasSegmentType ? new TestBox("styp").Text("cmfs").U32(0).Text("cmfs").ToArray() : []];
        long time = chunk.Time;
        foreach (MadeSample[] samples in chunk.Samples.Chunk(ChunkSamples > 0 ? ChunkSamples : int.MaxValue))
        {
            MadeFragment fragment = MadeFragment.Of(stream.ToTraf(time, samples));
            fragment.Front = ChunkSamples > 0 ? TestBox.Full("prft", 1).U32(stream.TrackId).U64(1).U64(time).ToArray() : [];
            blob.AddRange(fragment.ToArray(blob.Count));
            time += samples.Sum(sample => (long)sample.Duration);
        }

        return [.. blob];
    }
}
