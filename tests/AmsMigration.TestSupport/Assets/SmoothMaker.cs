using System.Text;

namespace AmsMigration.TestSupport.Assets;

/// <summary>Lays streams out as Smooth Streaming on demand: one .ismv for all, or an .ismv or .isma for each.</summary>
public sealed class SmoothMaker
{
    public List<MadeStream> Streams { get; set; } = [];

    /// <summary>One file for all tracks, which then have different track_IDs.</summary>
    public bool IsOneFile { get; set; }

    public bool HasTrackIds { get; set; } = true;

    /// <summary>mfra with a tfra for each track.</summary>
    public bool HasIndex { get; set; }

    /// <summary>Null for none.</summary>
    public string? Formats { get; set; }

    /// <summary>Null for none; what it says may be bent.</summary>
    public Func<string, string>? ClientManifest { get; set; } = manifest => manifest;

    public Encoding ManifestEncoding { get; set; } = new UTF8Encoding(false);

    public MemoryAssetStore ToStore(string name = "film")
    {
        var store = new MemoryAssetStore(name);
        string FileOf(MadeStream stream) => IsOneFile ? $"{name}.ismv" : $"{name}_{stream.Folder}.{(stream.Type == "audio" ? "isma" : "ismv")}";
        store.With($"{name}.ism", AssetManifests.Server(name, Formats, Streams, stream => (FileOf(stream), HasTrackIds ? stream.TrackId : null)));
        if (ClientManifest is not null)
        {
            string manifest = ClientManifest(AssetManifests.Client(Streams)).Replace("utf-8", ManifestEncoding.WebName, StringComparison.Ordinal);
            store.With($"{name}.ismc", [.. ManifestEncoding.GetPreamble(), .. ManifestEncoding.GetBytes(manifest)]);
        }

        foreach (IGrouping<string, MadeStream> file in Streams.GroupBy(FileOf))
        {
            store.With(file.Key, ToFile([.. file]));
        }

        return store;
    }

    private byte[] ToFile(List<MadeStream> streams)
    {
        (MadeStream Stream, MadeChunk Chunk)[] chunks =
        [
            .. streams
                .SelectMany(stream => stream.Chunks.Select(chunk => (Stream: stream, Chunk: chunk)))
                .OrderBy(entry => (decimal)entry.Chunk.Time / entry.Stream.Timescale),
        ];
        var file = new Mp4Maker
        {
            Brand = "piff",
            Tracks = [.. streams.Select(stream => stream.ToTrack())],
            Fragments = [],
        };
        byte[] header = file.ToArray();
        var offsets = new Dictionary<MadeChunk, long>();
        List<byte> media = [.. header];
        foreach ((MadeStream stream, MadeChunk chunk) in chunks)
        {
            offsets[chunk] = media.Count;
            MadeTraf traf = stream.ToTraf(chunk.Time, chunk.Samples);
            media.AddRange(MadeFragment.Of(traf).ToArray(media.Count));
        }

        return HasIndex ? [.. media, .. MakeIndex(streams, offsets)] : [.. media];
    }

    private static byte[] MakeIndex(List<MadeStream> streams, Dictionary<MadeChunk, long> offsets)
    {
        var mfra = new TestBox("mfra");
        foreach (MadeStream stream in streams)
        {
            TestBox tfra = TestBox.Full("tfra", 1).U32(stream.TrackId).U32(0).U32(stream.Chunks.Count);
            foreach (MadeChunk chunk in stream.Chunks)
            {
                tfra.U64(chunk.Name).U64(offsets[chunk]).U8(1).U8(1).U8(1);
            }

            mfra.With(tfra);
        }

        TestBox mfro = TestBox.Full("mfro").U32(0);
        mfra.With(mfro);
        mfro.Set(4, (uint)mfra.ToArray().Length);
        return mfra.ToArray();
    }
}
