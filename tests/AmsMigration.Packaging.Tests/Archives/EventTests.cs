using AmsMigration.Packaging.Manifests.Events;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Tests.Manifests;
using AmsMigration.TestSupport;
using AmsMigration.TestSupport.Assets;

namespace AmsMigration.Packaging.Tests.Archives;

/// <summary>Splices of SCTE 35 in sparse tracks become date ranges of HLS and events of DASH.</summary>
public class EventTests
{
    private const long Start = 1_544_716_459;

    /// <summary>splice_insert, out of network for 30 s, from the specification of Media Services.</summary>
    private static readonly byte[] Out = Convert.FromBase64String("/DAlAAAAAAAAAP/wFAUAAAQCf+//KRjAfP4AKTLgAAAAAAAAVYsh2w==");

    /// <summary>The same event's end.</summary>
    private static readonly byte[] In = [.. Out.Take(19), 0x6F, .. Out.Skip(20)];

    [Fact]
    public void A_splice_says_what_it_is()
    {
        Assert.Equal(new SpliceInfo(SpliceKind.Out, 1026, 30 * 90000), SpliceInfo.Read(Out));
        Assert.Equal(SpliceKind.In, SpliceInfo.Read(In)!.Kind);
        for (int length = 0; length < 31; length++)
        {
            Assert.Null(SpliceInfo.Read(Out[..Math.Min(length, 28)]));
        }
    }

    [Fact]
    public void Damaged_splices_say_something_or_nothing()
    {
        var random = new Random(35);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] message = [.. Out];
            for (int flips = random.Next(1, 6); flips > 0; flips--)
            {
                message[random.Next(message.Length)] ^= (byte)(1 << random.Next(8));
            }

            SpliceInfo? splice = SpliceInfo.Read(message[..random.Next(message.Length + 1)]);
            Assert.True(splice?.Duration is null or >= 0);
        }
    }

    [Fact]
    public async Task Events_of_blobs_and_of_the_manifest_are_told_at_their_times()
    {
        Presentation presentation = await ReadAsync();

        Assert.Equal([(4m, 1026u), (8m, 1027u)], presentation.Events.Select(e => (decimal.Round((decimal)e.Time / e.Timescale, 1), e.Id ?? 1027u)));
        PackagingPlan plan = PackagingPlanner.Plan(presentation, new PackagingOptions());
        string playlist = Text(plan.Manifests.First(file => file.Path.EndsWith("1000k.m3u8", StringComparison.Ordinal)));
        string[] ranges = [.. playlist.Split('\n').Where(line => line.StartsWith("#EXT-X-DATERANGE", StringComparison.Ordinal))];
        Assert.Equal(
            [
                $"#EXT-X-DATERANGE:ID=\"splice-1026-1\",START-DATE=\"2018-12-13T15:54:23.000Z\",PLANNED-DURATION=30.000000,SCTE35-OUT=0x{Convert.ToHexString(Out)}",
                $"#EXT-X-DATERANGE:ID=\"splice-1026-1\",START-DATE=\"2018-12-13T15:54:23.000Z\",DURATION=4.000000,SCTE35-IN=0x{Convert.ToHexString(In)}",
            ],
            ranges);
        Assert.Single(playlist.Split('\n'), line => line.StartsWith("#EXT-X-PROGRAM-DATE-TIME:2018-12-13T15:54:19.000Z", StringComparison.Ordinal));

        string mpd = Text(plan.Manifests[^1]);
        Assert.Contains("<EventStream schemeIdUri=\"urn:scte:scte35:2014:xml+bin\" value=\"scte35\" timescale=\"1000000\">", mpd);
        Assert.Contains($"<Binary>{Convert.ToBase64String(Out)}</Binary>", mpd);
        Assert.Empty(MpdSchema.Validate(mpd));
    }

    private static async Task<Presentation> ReadAsync()
    {
        (MadeStream video, MadeStream audio) = Read.Streams(startSeconds: Start, times: MadeTimes.SmoothTime);
        long first = (Start + 4) * Read.Ticks;
        long second = (Start + 8) * Read.Ticks;
        var maker = new LiveArchiveMaker("vod-fmp4")
        {
            Streams = [video, audio],
            MoreIndexes = $"""
                <StreamIndex Type="text" Name="scte35" Subtype="DATA" TimeScale="10000000" ParentStreamIndex="video" ManifestOutput="TRUE">
                  <QualityLevel Index="0" Bitrate="0" CodecPrivateData="" FourCC=""><CustomAttributes><Attribute Name="Scheme" Value="urn:scte:scte35:2013:bin"/></CustomAttributes></QualityLevel>
                  <c t="{second}" d="0"><f>{Convert.ToBase64String(In)}</f></c>
                </StreamIndex>
                """,
        };
        byte[] message = [.. Boxes.U32(1), .. Boxes.U32(1026), .. Boxes.U32(20_000_000), .. Out];
        var traf = new MadeTraf { Samples = [new MadeSample(300_000_000, message)], SmoothTime = first - 20_000_000 };
        MemoryAssetStore store = maker.ToStore()
            .With("scte35_0/header", new Mp4Maker { Tracks = [new MadeTrack { Handler = "meta", Entries = [new TestBox("scte").Zeros(8).ToArray()] }], Fragments = [] }.ToArray())
            .With($"scte35_0/{first - 20_000_000}", MadeFragment.Of(traf).ToArray(0));
        return (await Read.AssetAsync(store)).Presentation;
    }

    private static string Text(OutputFile file) => System.Text.Encoding.UTF8.GetString([.. file.Extents.SelectMany(extent => extent.Literal!)]);
}
