using System.Text;
using AmsMigration.Packaging.Gaps;
using AmsMigration.Packaging.InPlace;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources;
using AmsMigration.Packaging.Tests.Manifests;
using AmsMigration.Packaging.Transfer;
using AmsMigration.Packaging.Verification;
using AmsMigration.TestSupport;
using AmsMigration.TestSupport.Assets;

namespace AmsMigration.Packaging.Tests.Archives;

/// <summary>
/// What becomes of each kind of Smooth asset and archive, the broken ones included: warnings and every manifest, compared with
/// tests/fixtures/golden/archives. With RECORD_GOLDEN=1 in the environment they are written anew; the difference is then to be read in review.
/// </summary>
public class ArchiveGoldenTests
{
    private const long Start = 1_544_716_459;

    /// <summary>splice_insert, out of network for 30 s, from the specification of Media Services.</summary>
    private const string Splice = "/DAlAAAAAAAAAP/wFAUAAAQCf+//KRjAfP4AKTLgAAAAAAAAVYsh2w==";

    public static TheoryData<string> Names => [.. Cases.Keys];

    private static Dictionary<string, Case> Cases { get; } = new()
    {
        ["smooth-one-file-tfxd"] = new(() => Smooth(MadeTimes.SmoothTime, maker => maker.IsOneFile = true)),
        ["smooth-files-tfdt"] = new(() => Smooth(MadeTimes.DecodeTime, _ => { }), Layout: OutputLayout.Segmented),
        ["smooth-untimed-manifest"] = new(() => Smooth(MadeTimes.None, maker => maker.HasTrackIds = false)),
        ["smooth-untimed-index"] = new(() => Smooth(MadeTimes.None, maker => (maker.ClientManifest, maker.HasIndex) = (null, true))),
        ["smooth-utf16-version0-wrong-description"] = new(() => Smooth(MadeTimes.SmoothTime, maker =>
        {
            maker.ManifestEncoding = Encoding.Unicode;
            maker.Formats = "fmp4";
            maker.Streams.ForEach(stream => (stream.RunVersion, stream.Description) = (0, 2));
        })),
        ["smooth-several-audio"] = new(() => Smooth(MadeTimes.SmoothTime, AddAudio)),
        ["smooth-hole"] = new(() => Smooth(MadeTimes.SmoothTime, maker => maker.Streams.ForEach(stream => stream.Lose(4, 2)))),
        ["vod-fmp4"] = new(() => Live("vod-fmp4", MadeTimes.SmoothTime)),
        ["live-fmp4-untimed"] = new(() => Live("live-fmp4", MadeTimes.None)),
        ["vod-cmaf"] = new(() => Live("vod-cmaf", MadeTimes.DecodeTime)),
        ["ll-cmaf-chunks"] = new(() => Live("ll-cmaf", MadeTimes.DecodeTime, chunk: 5), Layout: OutputLayout.Segmented),
        ["vod-cmaf-durations-in-tfhd"] = new(() => Live("vod-cmaf", MadeTimes.DecodeTime, streams => streams.ForEach(stream => stream.HasDefaultDurations = true))),
        ["vod-fmp4-first-fragments-aged-out"] = new(() => Live("vod-fmp4", MadeTimes.SmoothTime, streams => streams.ForEach(stream => stream.Lose(0, 3, isListed: true)))),
        ["vod-fmp4-hole-filled"] = new(() => Live("vod-fmp4", MadeTimes.SmoothTime, Hole)),
        ["vod-fmp4-hole-jumped-single"] = new(() => Live("vod-fmp4", MadeTimes.SmoothTime, Hole), GapHandling.Discontinuity),
        ["vod-fmp4-hole-jumped-segmented"] = new(() => Live("vod-fmp4", MadeTimes.SmoothTime, Hole), GapHandling.Discontinuity, OutputLayout.Segmented),
        ["vod-cmaf-video-missing"] = new(() => Live("vod-cmaf", MadeTimes.DecodeTime, streams => streams[0].Lose(4, 3)), GapHandling.Discontinuity),
        ["vod-cmaf-audio-missing-and-late"] = new(() => Live("vod-cmaf", MadeTimes.DecodeTime, streams => streams[1].Lose(6, 2).Lose(0, 3))),
        ["vod-fmp4-overlap-and-cut"] = new(() => Live("vod-fmp4", MadeTimes.SmoothTime, streams =>
        {
            streams[0].Jump(5, -(long)streams[0].Timescale / 5);
            streams[1].Chunks[6].CutTo = 900;
        })),
        ["vod-fmp4-several-audio-text-events"] = new(Everything),
        ["vod-fmp4-everything-jumped"] = new(EverythingWithHole, GapHandling.Discontinuity),
        ["vod-fmp4-everything-jumped-segmented"] = new(EverythingWithHole, GapHandling.Discontinuity, OutputLayout.Segmented),
        ["in-place"] = new(() => Live("vod-cmaf", MadeTimes.DecodeTime), IsInPlace: true),
        ["in-place-chunks-jumped"] = new(() => Live("ll-cmaf", MadeTimes.DecodeTime, Hole, chunk: 5), GapHandling.Discontinuity, IsInPlace: true),
        ["in-place-everything-jumped"] = new(() => WithTextAndEvents(Maker("vod-cmaf", MadeTimes.DecodeTime, Hole)), GapHandling.Discontinuity, IsInPlace: true),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Manifests_are_those_that_were_reviewed_and_play_every_sample(string name)
    {
        Case made = Cases[name];
        MemoryAssetStore store = made.Make();
        Presentation presentation = Assert.Single((await AssetReader.ReadAsync(store, default)).Presentations);
        Presentation source = await PresentationContent.ReadAsync(store, presentation, default);
        var options = new PackagingOptions { Layout = made.Layout, SegmentDuration = TimeSpan.FromSeconds(2) };
        PackagingPlan plan = made.IsInPlace
            ? await InPlacePlanner.PlanAsync(store, source, options, made.Handling, default)
            : PackagingPlanner.Plan(GapHandler.Apply(source, made.Handling), options);

        Compare(name, plan);
        await VerifyAsync(store, presentation, plan, made.IsInPlace);
        Assert.Empty(MpdSchema.Validate(MadeUp.Text([.. plan.Manifests], plan.ManifestName + ".mpd")));
    }

    private static void Compare(string name, PackagingPlan plan)
    {
        string path = Path.Combine(Repository.Root, "tests", "fixtures", "golden", "archives", $"{name}.txt");
        var text = new StringBuilder();
        foreach (PackagingWarning warning in plan.Warnings)
        {
            text.Append($"warning {warning.Code}: {warning}\n");
        }

        foreach (OutputFile file in plan.Manifests)
        {
            text.Append($"======== {file.Path} ({file.ContentType})\n{MadeUp.Text([.. plan.Manifests], file.Path)}\n");
        }

        string actual = text.ToString();
        if (Environment.GetEnvironmentVariable("RECORD_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
        }

        Assert.Equal(File.ReadAllText(path).ReplaceLineEndings("\n"), actual);
    }

    private static async Task VerifyAsync(MemoryAssetStore store, Presentation source, PackagingPlan plan, bool isInPlace)
    {
        var output = new MemoryOutputStore();
        await TransferEngine.RunAsync(plan, store, output, new TransferOptions(), null, default);
        MemoryAssetStore written = isInPlace ? store : new MemoryAssetStore("output");
        foreach ((string path, byte[] content) in output.Files)
        {
            written.With(path, content);
        }

        VerificationReport report = await OutputVerifier.VerifyAsync(written, plan.ManifestName, source, store, default);
        Assert.Empty(report.Findings);
        Assert.True(report.SamplesCompared >= source.Tracks.Sum(track => (long)track.Samples.Count));
    }

    private static MemoryAssetStore Smooth(MadeTimes times, Action<SmoothMaker> bend)
    {
        (MadeStream video, MadeStream audio) = Read.Streams(times: times);
        var maker = new SmoothMaker { Streams = [video, audio] };
        bend(maker);
        return maker.ToStore();
    }

    private static void AddAudio(SmoothMaker maker)
    {
        maker.Streams[1].Language = "eng";
        (_, MadeStream french) = Read.Streams(times: MadeTimes.SmoothTime);
        (french.Name, french.Language, french.TrackId) = ("audio_fra", "fra", 3);
        (_, MadeStream described) = Read.Streams(times: MadeTimes.SmoothTime);
        (described.Name, described.Language, described.TrackId, described.Bitrate) = ("audio_ad", "eng", 4, 96_000);
        maker.Streams.AddRange([french, described]);
    }

    private static void Hole(List<MadeStream> streams) => streams.ForEach(stream => stream.Lose(4, 2));

    private static LiveArchiveMaker Maker(string format, MadeTimes times, Action<List<MadeStream>>? bend = null, int chunk = 0)
    {
        (MadeStream video, MadeStream audio) = Read.Streams(90_000, 48_000, Start, times);
        List<MadeStream> streams = [video, audio];
        bend?.Invoke(streams);
        return new LiveArchiveMaker(format) { Streams = streams, ChunkSamples = chunk };
    }

    private static MemoryAssetStore Live(string format, MadeTimes times, Action<List<MadeStream>>? bend = null, int chunk = 0) =>
        Maker(format, times, bend, chunk).ToStore();

    private static MemoryAssetStore Everything() => WithTextAndEvents(Maker("vod-fmp4", MadeTimes.SmoothTime, AddFrench));

    private static MemoryAssetStore EverythingWithHole() => WithTextAndEvents(Maker("vod-fmp4", MadeTimes.SmoothTime, streams =>
    {
        AddFrench(streams);
        Hole(streams);
    }));

    private static void AddFrench(List<MadeStream> streams)
    {
        (_, MadeStream french) = Read.Streams(90_000, 48_000, Start, MadeTimes.SmoothTime);
        (french.Name, french.Language, streams[1].Language) = ("audio_fra", "fra", "eng");
        streams.Add(french);
    }

    /// <summary>A cue that ends in front of second 4 to 6, one that lasts from second 3 to 7, one in between, and one behind; splices at 2 and 5.</summary>
    private static MemoryAssetStore WithTextAndEvents(LiveArchiveMaker maker)
    {
        string Events(params int[] seconds) => string.Concat(seconds.Select(second =>
            $"""<c t="{(Start + second) * TimeMath.TimeSpanTimescale}" d="0"><f>{Splice}</f></c>"""));
        maker.MoreIndexes = $"""
            <StreamIndex Type="text" Name="scte35" Subtype="DATA" TimeScale="10000000" ParentStreamIndex="video" ManifestOutput="TRUE">
              <QualityLevel Index="0" Bitrate="0" CodecPrivateData="" FourCC=""><CustomAttributes><Attribute Name="Scheme" Value="urn:scte:scte35:2013:bin"/></CustomAttributes></QualityLevel>
              {Events(2, 5, 8)}
            </StreamIndex>
            """;
        MemoryAssetStore store = maker.ToStore();
        MadeText.AddTo(
            store,
            "eng_1000",
            Start,
            [.. Enumerable.Range(0, 12).Select(second => second switch
            {
                1 => $"<p begin='{Start + 1}.5s' end='{Start + 3}s'>before</p>",
                >= 3 and <= 6 => $"<p begin='{Start + 3}.5s' end='{Start + 7}s'>across</p>" + (second == 5 ? $"<p begin='{Start + 5}s' end='{Start + 5}.5s'>never</p>" : ""),
                9 => $"<p begin='{Start + 9}s' end='{Start + 10}s'>behind</p>",
                _ => "",
            })]);
        return store;
    }

    private sealed record Case(Func<MemoryAssetStore> Make, GapHandling Handling = GapHandling.Fill, OutputLayout Layout = OutputLayout.SingleFile, bool IsInPlace = false);
}
