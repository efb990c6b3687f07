using AmsMigration.Assets;
using AmsMigration.Conversion;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources;
using AmsMigration.Packaging.Storage;
using AmsMigration.TestSupport;
using AmsMigration.TestSupport.Assets;

namespace AmsMigration.Core.Tests.Conversion;

/// <summary>Containers are deleted after they were converted: each file is converted, or known to be of no worth by itself, or named, and copied on demand.</summary>
public sealed class FileAccountTests : IDisposable
{
    /// <summary>What lies about in containers beside what plays.</summary>
    private static readonly string[] Strays =
        ["talk.mp4", "older/talk.mp4", "notes.txt", "poster.jpg", "clip.wmv", "film.ts", "old.m3u8", "sheet.vtt", "docs/2019/plan.pdf", "cut.m4a", "other.ismv", "talk_manifest.xml", "talk_1.mpi"];

    private readonly string _folder = Directory.CreateTempSubdirectory("amsmigration-core-").FullName;

    public static TheoryData<string> Fixtures =>
    [
        .. Directory.GetDirectories(Path.Combine(Repository.Root, "tests", "fixtures", "assets")).Select(path => "assets/" + Path.GetFileName(path)).Order(StringComparer.Ordinal),
        "archives/live-cmaf", "archive without manifests", "archive with damage", "archive without headers",
    ];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Fixtures))]
    public async Task Each_file_is_converted_copied_or_named(string fixture)
    {
        foreach (bool hasStrays in (bool[])[false, true])
        {
            MemoryAssetStore store = Make(fixture);
            foreach (string stray in hasStrays ? Strays : [])
            {
                store.With(stray, stray == "talk.mp4" ? new MovieBuilder().Video().Audio().Build() : [1, 2, 3]);
            }

            AmsAsset asset = await AssetCatalog.DescribeAsync(store, default);
            foreach (bool isCopied in (bool[])[false, true])
            {
                ConversionPlan plan = await ConversionPlan.CreateAsync(asset, new LocalDestination(_folder), new ConversionOptions { CopyNonStreamable = isCopied }, default);
                HashSet<string> used = [.. plan.Presentations.SelectMany(p => UsedBy(p.Presentation)), .. plan.Copies.Select(file => file.Path)];
                AssetFile[] rest = [.. (await store.ListAsync(default)).Where(file => !used.Contains(file.Path))];
                string[] told = [.. plan.Warnings.Select(warning => warning.ToString())];
                Assert.All(isCopied ? rest : [], file => Assert.Fail($"'{file.Path}' is neither converted nor copied."));
                Assert.All(plan.HasWork ? rest : [], file => Assert.True(IsNamed(file.Path, told), $"'{file.Path}' is passed over: {string.Join("\n", told)}"));
                Assert.All(asset.IsStreamable && !isCopied ? rest : [], file => Assert.True(IsNamed(file.Path, asset.Faults), $"'{file.Path}' is no fault: {string.Join("\n", asset.Faults)}"));
            }
        }
    }

    [Theory]
    [InlineData(true, "No manifest names it, so it is not converted")]
    [InlineData(false, "It lies apart from the media that are converted, and no manifest names it")]
    public async Task Media_that_no_manifest_names_are_named(bool hasManifest, string words)
    {
        byte[] film = new MovieBuilder().Video().Audio().Build();
        MemoryAssetStore store = new MemoryAssetStore("asset").With("film.mp4", film).With(hasManifest ? "talk.mp4" : "older/talk.mp4", film);
        if (hasManifest)
        {
            store.With("film.ism", "<smil><body><switch><video src='film.mp4'/><audio src='film.mp4'/></switch></body></smil>");
        }

        AssetContent content = await AssetReader.ReadAsync(store, default);

        Assert.Equal(["film"], content.Presentations.Select(presentation => presentation.Name));
        Assert.StartsWith(words, Assert.Single(content.Warnings, warning => warning.Code == "MediaNotNamed" && warning.File!.EndsWith("talk.mp4")).Message);
    }

    [Theory]
    [InlineData("assets/missing-files")]
    [InlineData("archive without headers")]
    public async Task Where_manifests_lead_to_nothing_media_files_are_converted_by_themselves(string fixture)
    {
        MemoryAssetStore store = Make(fixture).With("talk.mp4", new MovieBuilder().Video().Audio().Build());

        AssetContent content = await AssetReader.ReadAsync(store, default);

        Assert.Equal(["talk"], content.Presentations.Select(presentation => presentation.Name));
        Assert.DoesNotContain(content.OtherFiles, file => file.Path == "talk.mp4");
    }

    /// <summary>By itself, by a folder that it lies in, or as one of several that a warning counts.</summary>
    private static bool IsNamed(string path, string[] told)
    {
        string[] side = [".ism", ".ismc", ".mpi", "_manifest.xml"];
        string folder = path.Contains('/') ? path[..path.LastIndexOf('/')] : path;
        return side.Any(path.EndsWith) || told.Any(word => word.Contains(path, StringComparison.Ordinal) || word.StartsWith(folder + ": ", StringComparison.Ordinal)
            || word.StartsWith(folder + "/header: ", StringComparison.Ordinal) || (word.Contains(" left behind: ") && word.Contains(" more; ")));
    }

    private static IEnumerable<string> UsedBy(Presentation presentation)
    {
        IEnumerable<TextSource> texts = presentation.Texts.SelectMany(text => text.Sources);
        IEnumerable<Track> tracks = presentation.Tracks.Concat(texts.Select(text => text.Samples).OfType<Track>());
        return tracks.SelectMany(track => track.Samples.Files.Select(file => presentation.Files[file].Path).Append(track.SourceFile)).Concat(texts.Select(text => text.File));
    }

    private static MemoryAssetStore Make(string fixture)
    {
        if (fixture.Contains('/'))
        {
            return MemoryAssetStore.OfFolder(Path.Combine(Repository.Root, "tests", "fixtures", fixture));
        }

        MadeStream video = MadeStream.Of("live.mp4", TrackKind.Video, 90_000, 90_000 * 1000L);
        MadeStream audio = MadeStream.Of("live.mp4", TrackKind.Audio, 48_000, 48_000 * 1000L);
        if (fixture.EndsWith("damage", StringComparison.Ordinal))
        {
            video.Chunks[3].CutTo = 0;
            video.Chunks[5].CutTo = 40;
            audio.Chunks[^1].CutTo = 5;
        }

        MemoryAssetStore store = new LiveArchiveMaker("vod-cmaf") { Streams = [video, audio], HasClientManifest = false }.ToStore();
        string[] lost = fixture switch
        {
            "archive without manifests" => ["event.ism"],
            "archive without headers" => [$"{video.Folder}/header", $"{audio.Folder}/header"],
            _ => [],
        };
        return lost.Aggregate(store, (rest, path) => rest.Without(path));
    }
}
