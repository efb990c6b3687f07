using System.Text;
using AmsMigration.Packaging.Codecs;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Tests.Planning;
using AmsMigration.Packaging.Transfer;
using AmsMigration.Packaging.Verification;
using AmsMigration.TestSupport;

namespace AmsMigration.Packaging.Tests.Verification;

/// <summary>An output in memory that can be damaged before it is verified.</summary>
internal sealed class VerifiedOutput
{
    private readonly Presentation _presentation;
    private readonly SortedDictionary<string, byte[]> _files;

    private VerifiedOutput(PackagingPlan plan, MemoryOutputStore output)
    {
        Plan = plan;
        _presentation = plan.Presentation;
        _files = new SortedDictionary<string, byte[]>(output.Files.ToDictionary());
    }

    public PackagingPlan Plan { get; }

    public IEnumerable<string> Files => _files.Keys;

    /// <summary>Video with reordered pictures, and two languages of audio.</summary>
    public static Task<VerifiedOutput> MakeAsync(OutputLayout layout) => MakeAsync(
        layout,
        TestPresentation.Video(TestPresentation.FramesWithReordering(30, 31, 1001)),
        TestPresentation.Audio(TestPresentation.Frames(1450, 1024, 1)),
        TestPresentation.Audio(TestPresentation.Frames(1400, 1024, 1, size: 77), language: "fr"));

    public static async Task<VerifiedOutput> MakeAsync(OutputLayout layout, params Track[] tracks)
    {
        PackagingPlan plan = TestPresentation.Plan(layout, 4, [.. tracks.Select(AsRead)]);
        var output = new MemoryOutputStore();
        await TransferEngine.RunAsync(plan, Source(TestPresentation.Source), output, new TransferOptions(), null, CancellationToken.None);
        return new VerifiedOutput(plan, output);
    }

    public byte[] this[string path] => _files[path];

    /// <summary>The media file of a rendition: the only one, or that of its second segment.</summary>
    public string MediaPath(int rendition) => Plan.Renditions[rendition].Segments[1].Path;

    public List<PlanReader.Box> Boxes(string path) => PlanReader.ReadBoxes(_files[path]);

    public VerifiedOutput Damage(string path, long offset, byte bits = 0x10)
    {
        _files[path][offset] ^= bits;
        return this;
    }

    public VerifiedOutput Cut(string path, int bytes)
    {
        _files[path] = _files[path][..^bytes];
        return this;
    }

    public VerifiedOutput Remove(string path)
    {
        Assert.True(_files.Remove(path), path);
        return this;
    }

    /// <summary>Changes the first place in a text.</summary>
    public VerifiedOutput Edit(string path, string old, string replacement)
    {
        string text = Encoding.UTF8.GetString(_files[path]);
        int at = text.IndexOf(old, StringComparison.Ordinal);
        Assert.True(at >= 0, $"{old} is not in {text}");
        _files[path] = Encoding.UTF8.GetBytes(text.Remove(at, old.Length).Insert(at, replacement));
        return this;
    }

    public Task<VerificationReport> VerifyAsync() =>
        OutputVerifier.VerifyAsync(ToAsset(), "talk", null, null, CancellationToken.None);

    /// <param name="sourceBytes">Those of the source's only file; null for the ones that the output was made from.</param>
    public Task<VerificationReport> VerifyWithSourceAsync(byte[]? sourceBytes = null, params Track[] tracks)
    {
        Presentation presentation = tracks.Length == 0 ? _presentation : TestPresentation.Of([.. tracks.Select(AsRead)]);
        return OutputVerifier.VerifyAsync(ToAsset(), "talk", presentation, Source(sourceBytes ?? TestPresentation.Source), CancellationToken.None);
    }

    /// <summary>With the sample descriptions that reading a file gives.</summary>
    private static Track AsRead(Track track) => track with
    {
        Descriptions = [.. track.Descriptions.Select(description => SampleDescriptionReader.Read(description.Entry, "", track.SourceFile, 0))],
    };

    private static MemoryAssetStore Source(byte[] content) => new MemoryAssetStore("source").With("talk.mp4", content);

    private MemoryAssetStore ToAsset()
    {
        var asset = new MemoryAssetStore("output");
        foreach ((string path, byte[] content) in _files)
        {
            asset.With(path, content);
        }

        return asset;
    }
}
