using AmsMigration.Packaging.Codecs;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.SmoothStreaming;
using AmsMigration.Packaging.Sources;
using AmsMigration.Packaging.Sources.Smooth;
using AmsMigration.TestSupport;

namespace AmsMigration.Packaging.Tests.SmoothStreaming;

/// <summary>Sample entries out of what client manifests say of a codec.</summary>
public class SmoothSampleEntryTests
{
    private static ClientQualityLevel Level(string fourCC, string privateData, int rate = 0, int channels = 0, int audioTag = 0) =>
        new(0, 1_000_000, fourCC, Convert.FromHexString(privateData), 0, 0, rate, channels, audioTag);

    private static async Task<Track> FixtureAsync(string asset, TrackKind kind)
    {
        byte[] file = File.ReadAllBytes(Path.Combine(Repository.Root, "tests", "fixtures", "assets", asset));
        MediaFileContent content = await Mp4Reader.ReadAsync(new CountingByteSource(file, asset), 0, default);
        return content.Tracks.First(track => track.Kind == kind);
    }

    private static SampleEntryBox Box(SampleDescription description, string type)
    {
        SampleEntryBox entry = SampleEntryBox.OfEntry(description.Entry, "", 0);
        return entry.Children(description.Codec.Kind == TrackKind.Video ? VideoEntryReader.FixedSize : AudioEntryReader.FixedSize).Single(box => box.Type == type);
    }

    [Theory]
    [InlineData("surround/clip.mp4", "avcC")]
    [InlineData("anamorphic/anamorphic.mp4", "avcC")]
    [InlineData("hevc-hvc1/clip.mp4", "hvcC")]
    [InlineData("hevc-hdr/clip.mp4", "hvcC")]
    public async Task What_a_manifest_says_of_video_becomes_the_configuration_that_it_was_made_of(string asset, string type)
    {
        Track track = await FixtureAsync(asset, TrackKind.Video);
        SmoothCodec codec = SmoothCodec.Of(track)!;

        SampleDescription read = SmoothSampleEntry.Read(Level(codec.FourCC, codec.PrivateData), "folder");

        Assert.Equal(Box(track.Descriptions[0], type).ToBox(), Box(read, type).ToBox());
        CodecInfo expected = track.Descriptions[0].Codec;
        Assert.Equal((expected.CodecString, expected.Width, expected.Height, expected.NalLengthSize), (read.Codec.CodecString, read.Codec.Width, read.Codec.Height, read.Codec.NalLengthSize));
        Assert.Equal((expected.SarWidth, expected.SarHeight, expected.VideoRange), (read.Codec.SarWidth, read.Codec.SarHeight, read.Codec.VideoRange));
    }

    [Fact]
    public void Start_codes_have_three_bytes_or_four_and_zeros_behind_a_unit_are_none_of_it()
    {
        SampleDescription four = SmoothSampleEntry.Read(Level("H264", "000000016764000CAC76110A37E4C044000003000400000300C83C50A611800000000168E843B2C8B0"), "folder");
        SampleDescription three = SmoothSampleEntry.Read(Level("avc1", "0000016764000CAC76110A37E4C044000003000400000300C83C50A61180000000000168E843B2C8B00000"), "folder");

        Assert.Equal("0164000CFFE1001B6764000CAC76110A37E4C044000003000400000300C83C50A6118001000668E843B2C8B0FDF8F800", Convert.ToHexString(Box(four, "avcC").Content()));
        Assert.Equal(four.Entry, three.Entry);
    }

    /// <summary>The sequence parameter set of a real asset of Main profile: its 'avcC' has no fields of the high profiles.</summary>
    [Fact]
    public void Profiles_below_high_have_no_chroma_format()
    {
        SampleDescription read = SmoothSampleEntry.Read(Level("H264", "00000001674D401E8D94A05017FCB80B50505054000003000400000300CB8100010C8C00064B4FF13E0ED0D16CB00000000168E9093520"), "folder");

        Assert.Equal(("avc1.4d401e", 640, 360), (read.Codec.CodecString, read.Codec.Width, read.Codec.Height));
        Assert.EndsWith("01000568E9093520", Convert.ToHexString(Box(read, "avcC").Content()));
    }

    [Theory]
    [InlineData("AACL", "1190", 48_000, 2, "mp4a.40.2")]
    [InlineData("AACH", "2B11880800", 48_000, 2, "mp4a.40.5")]
    [InlineData("", "1190", 48_000, 2, "mp4a.40.2")]
    [InlineData("AACL", "FF00020080BB0000803E000004001000020011B0", 48_000, 6, "mp4a.40.2")]
    [InlineData("AACH", "1016020080BB0000803E00000100100011000000FE00000000000000000 02B11880800", 48_000, 2, "mp4a.40.5")]
    public void AAC_is_an_AudioSpecificConfig_or_has_a_WAVEFORMATEX_in_front_of_it(string fourCC, string privateData, int rate, int channels, string codec)
    {
        SampleDescription read = SmoothSampleEntry.Read(Level(fourCC, privateData.Replace(" ", "", StringComparison.Ordinal), audioTag: 255), "folder");

        Assert.Equal((codec, rate, channels), (read.Codec.CodecString, read.Codec.SampleRate, read.Codec.Channels));
    }

    [Fact]
    public async Task Enhanced_AC_3_has_its_configuration_behind_a_WAVEFORMATEXTENSIBLE()
    {
        SampleDescription expected = (await FixtureAsync("surround/clip.mp4", TrackKind.Audio)).Descriptions[0];

        SampleDescription read = SmoothSampleEntry.Read(Level("EC-3", "00063F000000AF87FBA7022DFB42A4D405CD93843BDD0300200F00", 48_000, 6), "folder");

        Assert.Equal(Box(expected, "dec3").ToBox(), Box(read, "dec3").ToBox());
        Assert.Equal((expected.Codec.Channels, expected.Codec.SampleRate), (read.Codec.Channels, read.Codec.SampleRate));
    }

    [Theory]
    [InlineData("AACL", "")]
    [InlineData("AACL", "11")]
    [InlineData("AACL", "FF00020080BB0000803E00000400100000")]
    [InlineData("H264", "6764000CAC76110A37E4")]
    [InlineData("HVC1", "0000000140010C01FFFF0000000144010C01")]
    [InlineData("EC-3", "00063F0000000300200F00")]
    [InlineData("WMAP", "1000030000000000")]
    public void What_cannot_be_read_is_refused(string fourCC, string privateData) =>
        Assert.Equal(SampleEntryBox.ErrorCode, Assert.Throws<PackagingException>(() => SmoothSampleEntry.Read(Level(fourCC, privateData), "folder")).Code);

    [Fact]
    public async Task Damaged_configurations_are_refused_or_read()
    {
        var random = new Random(64);
        (string FourCC, string Data)[] seeds =
        [
            ("H264", SmoothCodec.Of(await FixtureAsync("surround/clip.mp4", TrackKind.Video))!.PrivateData),
            ("HVC1", SmoothCodec.Of(await FixtureAsync("hevc-hdr/clip.mp4", TrackKind.Video))!.PrivateData[..300]),
            ("AACL", "FF00020080BB0000803E000004001000020011B0"),
            ("EC-3", "00063F000000AF87FBA7022DFB42A4D405CD93843BDD0300200F00"),
        ];
        for (int i = 0; i < 4_000; i++)
        {
            (string fourCC, string data) = seeds[i % seeds.Length];
            byte[] bytes = Convert.FromHexString(data);
            for (int flips = random.Next(1, 4); flips > 0; flips--)
            {
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            }

            bytes = bytes[..random.Next(1, bytes.Length + 1)];
            try
            {
                Assert.NotEmpty(SmoothSampleEntry.Read(Level(fourCC, Convert.ToHexString(bytes)), "folder").Entry);
            }
            catch (PackagingException e)
            {
                Assert.Equal(SampleEntryBox.ErrorCode, e.Code);
            }
        }
    }
}
