using AmsMigration.Packaging.Codecs;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using static AmsMigration.Packaging.Tests.Planning.TestPresentation;

namespace AmsMigration.Packaging.Tests.Planning;

public class PlanFileTests
{
    [Fact]
    public void One_file_a_rendition_holds_header_index_and_media()
    {
        PackagingPlan plan = Plan(Video(Frames(480, 1, 24), 24), Audio(Frames(900, 1024, 1)));
        Assert.Equal(["talk/video_720p_19k.mp4", "talk/audio_en_38k.mp4"], plan.Renditions.SelectMany(r => r.Files).Select(f => f.Path));
        Assert.Equal(["video/mp4", "audio/mp4"], plan.Renditions.SelectMany(r => r.Files).Select(f => f.ContentType));
        IEnumerable<string> paths = ReadBoxes(plan).Select(b => b.Path).Where(p => !p.Contains('/'));
        Assert.Equal(["ftyp", "moov", "sidx", .. Enumerable.Repeat((string[])["moof", "mdat"], 20).SelectMany(pair => pair)], paths);
    }

    [Fact]
    public void One_file_a_segment_has_numbers_from_1()
    {
        Rendition video = Plan(OutputLayout.Segmented, 6, Video(Frames(480, 1, 24), 24)).Renditions[0];
        Assert.Equal(
            ["talk/video_720p_19k/init.mp4", .. Enumerable.Range(1, 4).Select(n => $"talk/video_720p_19k/{n}.m4s")],
            video.Files.Select(f => f.Path));
        byte[] segment = PlanReader.ReadFile(video.Files[2], Source);
        Assert.Equal(["styp", "moof", "moof/mfhd"], PlanReader.ReadBoxes(segment).Take(3).Select(b => b.Path));
        Assert.Equal(7u, PlanReader.ReadBoxes(segment).First(b => b.Path == "moof/mfhd").UInt32(4));
    }

    [Fact]
    public void Extents_can_be_read_again_and_neighbours_are_one_range()
    {
        var samples = new SampleTableBuilder();
        for (int i = 0; i < 48; i++)
        {
            samples.Add(1, 0, i == 7 ? 0u : 100, i == 0, 0, (i < 10 ? 0 : 50) + (i * 100));
        }

        OutputFile file = Plan(Video(samples.Build(), 24)).Renditions[0].Files[0];
        Assert.Equal(
            [(0, 700), (800, 200), (1050, 3800)], file.Extents.Where(e => e.Literal is null).Select(e => (e.Offset, e.Length)));
        Assert.Equal(PlanReader.ReadFile(file, Source), PlanReader.ReadFile(file, Source));
    }

    [Fact]
    public void Track_header_and_media_header_say_what_the_track_is()
    {
        byte[] matrix = new byte[36];
        matrix[5] = matrix[31] = 1;
        (matrix[12], matrix[13], matrix[32]) = (0xFF, 0xFF, 0x40);
        Track video = Video(Frames(48, 1, 24), 24) with
        {
            Matrix = matrix,
            PresentationWidth = 1920 << 16,
            PresentationHeight = 1080 << 16,
            Language = "pt-BR",
        };
        Rendition rendition = Plan(video).Renditions[0];
        Assert.Equal((1080, 1920), (rendition.DisplayWidth, rendition.DisplayHeight));
        List<PlanReader.Box> boxes = PlanReader.ReadBoxes(PlanReader.ReadTrack(rendition, Source));
        PlanReader.Box tkhd = boxes.Find("moov/trak/tkhd");
        Assert.Equal(matrix, tkhd.Content.Slice(40, 36).ToArray());
        Assert.Equal((1920u << 16, 1080u << 16), (tkhd.UInt32(76), tkhd.UInt32(80)));
        PlanReader.Box mdhd = boxes.Find("moov/trak/mdia/mdhd");
        Assert.Equal(((16 << 10) | (15 << 5) | 18, 24u), (mdhd.UInt16(20), mdhd.UInt32(12)));
        Assert.Equal("pt-BR\0", boxes.Find("moov/trak/mdia/elng").Text(4, 6));
        Assert.Equal("vide", boxes.Find("moov/trak/mdia/hdlr").Text(8, 4));
        Assert.Equal(video.Descriptions[0].Entry, boxes.Find("moov/trak/mdia/minf/stbl/stsd").Content[8..].ToArray());
    }

    [Fact]
    public void Roles_are_kinds()
    {
        Track audio = Audio(Frames(48, 1024, 1)) with { Roles = ["alternate", "description"] };
        List<PlanReader.Box> kinds =
            [.. ReadBoxes(Plan(audio)).Where(b => b.Path == "moov/trak/udta/kind")];
        Assert.Equal(
            ["urn:mpeg:dash:role:2011\0alternate\0", "urn:mpeg:dash:role:2011\0description\0"],
            kinds.Select(k => k.Text(4, k.Content.Length - 4)));
    }

    [Fact]
    public void Roll_distance_is_described_once_and_every_fragment_refers_to_it()
    {
        Track audio = Audio(Frames(900, 1024, 1)) with { RollDistance = 2 };
        List<PlanReader.Box> boxes = ReadBoxes(Plan(audio));
        PlanReader.Box sgpd = boxes.Find("moov/trak/mdia/minf/stbl/sgpd");
        Assert.Equal(("roll", 0xFFFE), (sgpd.Text(4, 4), sgpd.UInt16(16)));
        Assert.All(boxes.Where(b => b.Path == "moof/traf/sbgp"), b => Assert.Equal(("roll", 1u), (b.Text(4, 4), b.UInt32(16))));
        Assert.Equal(boxes.Count(b => b.Path == "moof"), boxes.Count(b => b.Path == "moof/traf/sbgp"));
    }

    [Theory]
    [InlineData("wvtt", "text", "nmhd")]
    [InlineData("stpp", "subt", "sthd")]
    public void Text_has_the_handler_of_its_format(string fourCC, string handler, string header)
    {
        List<PlanReader.Box> boxes = ReadBoxes(Plan(Text(Frames(9, 1000, 1), 1000, fourCC)));
        Assert.Equal(handler, boxes.Find("moov/trak/mdia/hdlr").Text(8, 4));
        Assert.Contains(boxes, b => b.Path == "moov/trak/mdia/minf/" + header);
    }

    [Fact]
    public void Fields_that_all_samples_share_are_written_once()
    {
        List<PlanReader.Box> boxes = ReadBoxes(Plan(Audio(Frames(900, 1024, 1))));
        Assert.All(boxes.Where(b => b.Path == "moof/traf/trun"), b => Assert.Equal((0x01000001u, 12), (b.UInt32(0), b.Content.Length)));
        Assert.All(
            boxes.Where(b => b.Path == "moof/traf/tfhd"),
            b => Assert.Equal((1024u, 100u, 0x02000000u), (b.UInt32(12), b.UInt32(16), b.UInt32(20))));
    }

    [Fact]
    public void Tracks_that_cannot_be_packaged_are_left_out_by_name()
    {
        SampleDescription avc = Describe("avc1", 1280, 720);
        SampleDescription windowsMedia = avc with { Codec = avc.Codec with { Refusal = "No player decodes VC-1." } };
        Track refused = Video(Frames(48, 1, 24), 24) with { Descriptions = [windowsMedia] };
        PackagingPlan plan = Plan(Audio(Frames(48, 1024, 1)), Audio(new SampleTableBuilder().Build()), refused);
        Assert.Single(plan.Renditions);
        Assert.Equal(["TrackLeftOut", "TrackLeftOut"], plan.Warnings.Select(w => w.Code));
        Assert.Contains("no samples", plan.Warnings[0].Message);
        Assert.Contains("VC-1", plan.Warnings[1].Message);
        Assert.Equal("NothingToPackage", Assert.Throws<PackagingException>(() => Plan(refused)).Code);
    }

    [Theory]
    [InlineData("Keynote 2016 – Grüße", "Keynote 2016 – Grüße")]
    [InlineData("../../etc/passwd", "_.._etc_passwd")]
    [InlineData("..", "presentation")]
    [InlineData(" a:b*c?.", "a_b_c_")]
    [InlineData("x\u0001y😀", "x_y😀")]
    [InlineData("con.ism", "_con.ism")]
    public void Manifests_keep_their_name_as_far_as_it_is_safe(string name, string expected)
    {
        PackagingPlan plan = PlanNamed(name);
        Assert.Equal(expected, plan.ManifestName);
        Assert.Equal(name == expected, plan.Warnings.Count == 0);
        Assert.StartsWith(expected + "/", plan.Renditions[0].Files[0].Path);
    }

    [Fact]
    public void Half_a_character_does_not_reach_a_file_name() =>
        Assert.Equal("x_y", PlanNamed("x\ud800y").ManifestName);

    [Fact]
    public void A_name_longer_than_file_systems_take_is_cut_between_characters() =>
        Assert.Equal(string.Concat(Enumerable.Repeat("😀", 50)), PlanNamed(string.Concat(Enumerable.Repeat("😀", 100))).ManifestName);

    [Fact]
    public void Equal_renditions_get_names_of_their_own()
    {
        Track video = Video(Frames(48, 1, 24), 24) with { NominalBitrate = 3_400_400 };
        Track portrait = Video(Frames(48, 1, 24), 24, 720, 1280) with { NominalBitrate = 3_400_400 };
        PackagingPlan plan = Plan(video, portrait, video, Audio(Frames(48, 1024, 1), 48_000, null), Text(Frames(3, 1000, 1)));
        Assert.Equal(
            ["video_720p_3400k", "video_720p_3400k_2", "video_720p_3400k_3", "audio_38k", "imsc_de"], plan.Renditions.Select(r => r.Name));
    }

    [Fact]
    public void A_segment_duration_of_nothing_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Plan(OutputLayout.SingleFile, 0, Audio(Frames(48, 1024, 1))));

    private static PackagingPlan PlanNamed(string name) =>
        PackagingPlanner.Plan(Of(Audio(Frames(48, 1024, 1))), new PackagingOptions { ManifestName = name });

    private static List<PlanReader.Box> ReadBoxes(PackagingPlan plan) => PlanReader.ReadBoxes(PlanReader.ReadTrack(plan.Renditions[0], Source));
}
