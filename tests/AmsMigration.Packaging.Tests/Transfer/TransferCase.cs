using System.Security.Cryptography;
using AmsMigration.Packaging.Manifests.Events;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Protection;
using AmsMigration.Packaging.Storage;
using AmsMigration.Packaging.Tests.Planning;
using AmsMigration.Packaging.Transfer;
using AmsMigration.TestSupport;

namespace AmsMigration.Packaging.Tests.Transfer;

/// <summary>A plan made of extents alone, its source in memory, and what must come out.</summary>
internal sealed class TransferCase
{
    private readonly List<byte[]> _sources = [];
    private readonly List<List<OutputFile>> _lanes = [];
    private readonly List<OutputFile> _manifests = [];

    public TransferOptions Options { get; init; } = new() { BufferSize = 1024 };

    public MemoryAssetStore Source { get; } = new("source");

    public MemoryOutputStore Output { get; } = new();

    public Dictionary<string, byte[]> Expected { get; } = [];

    public IReadOnlyList<AssetFile> SourceFiles => [.. _sources.Select((content, i) => new AssetFile(Name(i), content.Length))];

    public static string Name(int source) => $"{source:d4}.mp4";

    public TransferCase WithSource(int length)
    {
        byte[] content = new byte[length];
        new Random(length + _sources.Count).NextBytes(content);
        Source.With(Name(_sources.Count), content);
        _sources.Add(content);
        return this;
    }

    /// <summary>A lane of one file.</summary>
    public TransferCase WithLane(string path, params Extent[] extents) => WithLane((path, extents));

    public TransferCase WithLane(params (string Path, Extent[] Extents)[] files)
    {
        _lanes.Add([.. files.Select(file => MakeFile(file.Path, file.Extents))]);
        return this;
    }

    /// <summary>A lane of files whose bytes are encrypted on their way.</summary>
    public TransferCase WithEncryptedLane(params (string Path, Extent[] Extents)[] files)
    {
        var key = new ContentKey(Guid.Empty, [.. Enumerable.Range(0, ContentKey.Length).Select(i => (byte)i)]);
        var protection = new SegmentProtection(new ProtectionOptions { Scheme = ProtectionScheme.Aes128, Keys = [key] }, key, files[0].Path);
        using var aes = Aes.Create();
        aes.Key = key.GetBytes();
        _lanes.Add([.. files.Select(file =>
        {
            Expected[file.Path] = aes.EncryptCbc(file.Extents.SelectMany(BytesOf).ToArray(), protection.Vector);
            long length = Expected[file.Path].Length;
            return new OutputFile
            {
                Path = file.Path, ContentType = "video/mp4", Length = length, Extents = FragmentExtents.Encrypt(file.Extents, protection, length),
            };
        })]);
        return this;
    }

    public TransferCase WithManifest(string path)
    {
        _manifests.Add(MakeFile(path, [Extent.FromBytes(System.Text.Encoding.UTF8.GetBytes($"manifest {path}"))]));
        return this;
    }

    public PackagingPlan Plan() => new()
    {
        Presentation = new Presentation { Name = "talk", Files = SourceFiles, Tracks = [] },
        Options = new PackagingOptions(),
        ManifestName = "talk",
        Shift = (0, 1),
        Renditions = [.. _lanes.Select(MakeRendition)],
        Texts = [],
        Events = new EventTimeline(DateTime.UnixEpoch, []),
        Manifests = _manifests,
        Warnings = [],
    };

    public Task<TransferResult> RunAsync(
        IAssetStore? source = null, IOutputStore? output = null, IProgress<TransferProgress>? progress = null, CancellationToken cancellation = default) =>
        TransferEngine.RunAsync(Plan(), source ?? Source, output ?? Output, Options, progress, cancellation);

    /// <summary>The output is there to the byte, and nothing was left open.</summary>
    public void AssertComplete()
    {
        Assert.Equal(Expected.Keys.Order(), Output.Files.Keys.Order());
        Assert.All(Expected, file => Assert.True(file.Value.AsSpan().SequenceEqual(Output.Files[file.Key]), file.Key));
        AssertClosed();
    }

    /// <summary>No manifest is there, and nothing was left open.</summary>
    public void AssertNothingPlays()
    {
        Assert.DoesNotContain(_manifests, manifest => Output.Files.ContainsKey(manifest.Path));
        AssertClosed();
    }

    private void AssertClosed()
    {
        Assert.Equal(0, Output.StillOpen);
        Assert.Equal(0, Source.StillOpen);
    }

    private OutputFile MakeFile(string path, Extent[] extents)
    {
        Expected[path] = [.. extents.SelectMany(BytesOf)];
        return new OutputFile { Path = path, ContentType = ContentTypes.Of(path), Length = extents.Sum(e => e.Length), Extents = extents };
    }

    private byte[] BytesOf(Extent extent) => extent.Literal ?? _sources[extent.File].AsSpan((int)extent.Offset, (int)extent.Length).ToArray();

    private static Rendition MakeRendition(List<OutputFile> files)
    {
        var samples = new SampleTableBuilder();
        foreach (Extent extent in files.SelectMany(file => file.Extents).Where(extent => extent.Literal is null))
        {
            samples.Add(1, 0, (uint)extent.Length, true, extent.File, extent.Offset);
        }

        return new Rendition
        {
            Track = TestPresentation.Video(samples.Build()),
            Name = "video",
            InitPath = files[0].Path,
            InitLength = 0,
            IndexLength = 0,
            Segments = [],
            Fragments = [],
            Files = files,
            Duration = 0,
            PeakBandwidth = 0,
            AverageBandwidth = 0,
        };
    }
}
