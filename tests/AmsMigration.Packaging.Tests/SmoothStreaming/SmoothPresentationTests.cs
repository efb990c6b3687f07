using System.Text;
using System.Xml.Linq;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Protection;
using AmsMigration.Packaging.SmoothStreaming;
using AmsMigration.Packaging.Sources;
using AmsMigration.Packaging.Transfer;
using AmsMigration.TestSupport;

namespace AmsMigration.Packaging.Tests.SmoothStreaming;

public class SmoothPresentationTests
{
    [Fact]
    public async Task Levels_that_are_cut_alike_are_one_stream_with_the_names_and_bit_rates_of_the_source()
    {
        (PackagingPlan plan, _) = await PlanAsync("mbr-mp4");

        XElement manifest = Manifest(SmoothPresentation.Of(plan, [])!);

        Assert.Equal(["video", "aac_eng_2_32000_2_1"], manifest.Elements("StreamIndex").OrderByDescending(stream => (string?)stream.Attribute("Type")).Select(stream => (string?)stream.Attribute("Name")));
        Assert.Equal(["40000", "80000", "130000", "32000"], manifest.Descendants("QualityLevel").OrderBy(level => ((string)level.Parent!.Attribute("Type")!)[0] == 'a').Select(level => (string?)level.Attribute("Bitrate")));
        Assert.All(manifest.Elements("StreamIndex"), stream => Assert.Equal((int)stream.Attribute("Chunks")!, stream.Elements("c").Count()));
        XElement level = manifest.Descendants("QualityLevel").First(one => (string?)one.Attribute("FourCC") == "H264");
        Assert.Matches("^00000001[26]7[0-9A-F]+00000001[26]8[0-9A-F]+$", (string?)level.Attribute("CodecPrivateData"));
    }

    /// <summary>Sound that is decoded in front of the first picture plays in front of it; nothing begins before 0.</summary>
    [Fact]
    public async Task Priming_moves_the_pictures_back_and_not_the_sound_forward()
    {
        (PackagingPlan plan, _) = await PlanAsync("mbr-mp4");
        Rendition audio = plan.Renditions.First(rendition => rendition.Track.Kind == TrackKind.Audio);
        Assert.True(audio.Priming > 0);

        XElement manifest = Manifest(SmoothPresentation.Of(plan, [])!);

        double StartOf(string type)
        {
            XElement stream = manifest.Elements("StreamIndex").First(one => (string?)one.Attribute("Type") == type);
            return (double)stream.Elements("c").First().Attribute("t")! / (double)stream.Attribute("TimeScale")!;
        }

        Assert.Equal(0, StartOf("audio"));
        Assert.Equal((double)audio.Priming / audio.Track.Timescale, StartOf("video"), 0.0001);
    }

    [Theory]
    [InlineData("mbr-mp4")]
    [InlineData("odd-gops")]
    [InlineData("hevc-hev1")]
    [InlineData("ntsc")]
    public async Task Each_fragment_says_when_it_plays_and_which_is_next(string asset)
    {
        (PackagingPlan plan, MemoryAssetStore store) = await PlanAsync(asset);
        SmoothPresentation smooth = SmoothPresentation.Of(plan, [])!;
        var output = new MemoryOutputStore();
        await TransferEngine.RunAsync(smooth.Fragments("talk.ism"), plan.Presentation.Files, store, output, new TransferOptions(), null, default);

        XElement manifest = Manifest(smooth);
        int chunks = 0;
        foreach (XElement level in manifest.Descendants("QualityLevel"))
        {
            long time = 0;
            foreach (XElement chunk in level.Parent!.Elements("c"))
            {
                time = (long?)chunk.Attribute("t") ?? time;
                string url = ((string)level.Parent!.Attribute("Url")!).Replace("{bitrate}", (string?)level.Attribute("Bitrate")).Replace("{start time}", $"{time}");
                byte[] file = output.Files[$"talk.ism/{url}"];
                int tfxd = file.AsSpan().IndexOf(Convert.FromHexString("6d1d9b0542d544e680e2141daff757b2"));
                int tfrf = file.AsSpan().IndexOf(Convert.FromHexString("d4807ef2ca3946958e5426cb9e46a79f"));
                Assert.Equal((time, (long)chunk.Attribute("d")!), (Number(file, tfxd + 20), Number(file, tfxd + 28)));
                bool isLast = chunk == level.Parent!.Elements("c").Last();
                Assert.Equal(isLast ? 0 : 1, file[tfrf + 20]);
                time += (long)chunk.Attribute("d")!;
                Assert.True(isLast || chunk.ElementsAfterSelf().First().Attribute("t") is not null || Number(file, tfrf + 21) == time);
                chunks++;
            }
        }

        Assert.Equal(chunks, output.Files.Count);
    }

    [Fact]
    public async Task What_no_client_plays_stays_out_and_is_named()
    {
        (PackagingPlan plan, _) = await PlanAsync("ac3");
        List<PackagingWarning> warnings = [];

        SmoothPresentation? smooth = SmoothPresentation.Of(plan, warnings);

        Assert.Contains(warnings, warning => warning.Code == "NotForSmooth" && warning.Message.Contains("AC-3", StringComparison.Ordinal));
        Assert.DoesNotContain("AC-3", smooth is null ? "" : Manifest(smooth).ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task What_no_client_plays_takes_nothing_else_of_its_group_with_it()
    {
        (PackagingPlan plan, _) = await PlanAsync("mbr-mp4");
        Rendition first = plan.Renditions.First(rendition => rendition.Track.Kind == TrackKind.Video);
        byte[] entry = first.Track.Descriptions[0].Entry;
        "free"u8.CopyTo(entry.AsSpan(entry.AsSpan().IndexOf("avcC"u8)));
        List<PackagingWarning> warnings = [];

        XElement manifest = Manifest(SmoothPresentation.Of(plan, warnings)!);

        Assert.Contains($"'{first.Name}'", Assert.Single(warnings, warning => warning.Code == "NotForSmooth").Message, StringComparison.Ordinal);
        Assert.Equal(2, manifest.Descendants("QualityLevel").Count(level => (string?)level.Attribute("FourCC") == "H264"));
    }

    [Fact]
    public async Task Beside_an_encrypted_output_nothing_is_written_in_the_clear()
    {
        (PackagingPlan plan, _) = await PlanAsync("mbr-mp4", new ProtectionOptions { Scheme = ProtectionScheme.Cbcs, Keys = [ContentKey.Create()] });

        Assert.Equal("ProtectionNotPossible", Assert.Throws<PackagingException>(() => SmoothPresentation.Of(plan, [])).Code);
    }

    private static long Number(byte[] bytes, int at) => System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(at));

    private static XElement Manifest(SmoothPresentation smooth) =>
        XDocument.Parse(Encoding.UTF8.GetString([.. smooth.ToManifest("talk.ism/Manifest").Extents.SelectMany(extent => extent.Literal!)])).Root!;

    private static async Task<(PackagingPlan Plan, MemoryAssetStore Store)> PlanAsync(string asset, ProtectionOptions? protection = null)
    {
        MemoryAssetStore store = MemoryAssetStore.OfFolder(Path.Combine(Repository.Root, "tests", "fixtures", "assets", asset));
        Presentation presentation = (await AssetReader.ReadAsync(store, default)).Presentations[0];
        PresentationProtection prepared = await PresentationProtection.PrepareAsync(presentation, protection ?? ProtectionOptions.None, store, isRemote: false, default);
        return (PackagingPlanner.Plan(presentation, new PackagingOptions(), prepared), store);
    }
}
