using System.Text;
using AmsMigration.Packaging.Codecs;
using AmsMigration.Packaging.Presentations;
using static AmsMigration.TestSupport.Boxes;

namespace AmsMigration.Packaging.Tests.Codecs;

public class VideoEntryTests
{
    /// <summary>Of x264: 1920x1080 coded as 1920x1088 with cropping.</summary>
    private const string FullHdSps = "67640028acd940780227e5c044000003000400000300c83c60c658";

    /// <summary>Of x264: 320x180, sample aspect ratio 4:3.</summary>
    private const string WidePixelSps = "6764000cacd941419f9f0e1000000300100000030320f1429960";

    private const string HevcVps = "40010c01ffff02200000030090000003000003003c959809";

    /// <summary>Of x265: 320x180, BT.2020, SMPTE ST 2084.</summary>
    private const string PqSps = "42010102200000030090000003000003003ca00a080b9f6d96566924caf016a122012080000003008000000c84";

    /// <summary>The same with ARIB STD-B67.</summary>
    private const string HlgSps = "42010102200000030090000003000003003ca00a080b9f6d96566924caf016a122412080000003008000000c84";

    private const string HevcPps = "4401c172b46240";

    [Fact]
    public void Size_and_pixel_shape_come_from_the_bit_stream_where_the_entry_has_none()
    {
        CodecInfo cropped = Read(Visual("avc1", 0, 0, AvcC(FullHdSps))).Codec;
        CodecInfo wide = Read(Visual("avc1", 320, 180, AvcC(WidePixelSps))).Codec;
        CodecInfo boxed = Read(Visual("avc1", 320, 180, AvcC(WidePixelSps), Box("pasp", U32(32), U32(22)))).Codec;
        CodecInfo nonsense = Read(Visual("avc1", 320, 180, AvcC(WidePixelSps), Box("pasp", U32(0), U32(0)))).Codec;

        Assert.Equal((1920, 1080, 1, 1), (cropped.Width, cropped.Height, cropped.SarWidth, cropped.SarHeight));
        Assert.Equal((4, 3), (wide.SarWidth, wide.SarHeight));
        Assert.Equal((16, 11), (boxed.SarWidth, boxed.SarHeight));
        Assert.Equal((4, 3), (nonsense.SarWidth, nonsense.SarHeight));
    }

    [Theory]
    [InlineData("avc1", Sps, Pps, "avc1", "avc1.640015")]
    [InlineData("avc3", Sps, Pps, "avc1", "avc1.640015")]
    [InlineData("avc3", Sps, "", "avc3", "avc3.640015")]
    [InlineData("avc3", "", "", "avc3", "avc3.640015")]
    [InlineData("avc1", "", "", "avc3", "avc3.640015")]
    public void H264_is_avc1_where_its_parameter_sets_are_in_the_entry(
        string type, string sps, string pps, string fourCC, string codecString)
    {
        SampleDescription description = Read(Visual(type, 512, 288, AvcC(sps, pps)));

        Assert.Equal((fourCC, codecString, 4), (description.Codec.FourCC, description.Codec.CodecString, description.Codec.NalLengthSize));
        Assert.Equal(fourCC, Encoding.ASCII.GetString(description.Entry, 4, 4));
    }

    [Theory]
    [InlineData("hev1", true, "hvc1", "hvc1.2.4.L60.90")]
    [InlineData("hvc1", true, "hvc1", "hvc1.2.4.L60.90")]
    [InlineData("hev1", false, "hev1", "hev1.2.4.L60.90")]
    [InlineData("hvc1", false, "hev1", "hev1.2.4.L60.90")]
    public void Hevc_is_hvc1_where_its_parameter_sets_are_in_the_entry(string type, bool withSets, string fourCC, string codecString)
    {
        byte[] configuration = withSets ? HvcC(PqSps) : HvcC();

        SampleDescription description = Read(Visual(type, 320, 180, configuration));

        Assert.Equal((fourCC, codecString), (description.Codec.FourCC, description.Codec.CodecString));
        Assert.Equal(withSets, Children(description.Entry).Single(box => box.Type == "hvcC").Content[withSets ? 23 : 22] == 0xA0);
    }

    [Theory]
    [InlineData(PqSps, 2, VideoRange.Pq)]
    [InlineData(HlgSps, 2, VideoRange.Hlg)]
    [InlineData(HlgSps, 1, VideoRange.Sdr)]
    [InlineData(PqSps, 14, VideoRange.Sdr)]
    [InlineData(PqSps, 18, VideoRange.Hlg)]
    public void The_range_comes_from_colr_and_where_that_leaves_it_open_from_the_bit_stream(string sps, int transfer, VideoRange expected)
    {
        byte[] colour = Box("colr", "nclx"u8.ToArray(), U16(9), U16(transfer), U16(9), [0]);

        Assert.Equal(expected, Read(Visual("hvc1", 320, 180, HvcC(sps), colour)).Codec.VideoRange);
    }

    [Fact]
    public void High_dynamic_range_is_no_rendition_of_standard_range()
    {
        string[] families = [.. new[] { PqSps, HlgSps }.Select(sps => Read(Visual("hvc1", 320, 180, HvcC(sps))).Codec.Family)];

        Assert.Equal(["hevc-pq", "hevc-hlg"], families);
        Assert.Equal("avc", Read(AvcEntry()).Codec.Family);
    }

    [Theory]
    [InlineData("hvc1", "dvvC", 8, 7, 4, "hvc1.2.4.L60.90", "dvh1.08.07/db4h")]
    [InlineData("dvhe", "dvvC", 8, 6, 1, "hvc1.2.4.L60.90", "dvh1.08.06/db1p")]
    [InlineData("hev1", "dvvC", 8, 3, 2, "hvc1.2.4.L60.90", "dvh1.08.03/db2g")]
    [InlineData("dvhe", "dvcC", 5, 6, 0, "dvh1.05.06", null)]
    [InlineData("dvh1", "dvcC", 5, 9, 0, "dvh1.05.09", null)]
    public void Dolby_vision_is_supplemental_where_other_players_can_show_the_base(
        string type, string box, int profile, int level, int compatibility, string codecString, string? supplemental)
    {
        string bits = Binary(profile, 7) + Binary(level, 6) + "101" + Binary(compatibility, 4);
        byte[] dolby = Box(box, [1, 0, .. Bits(bits), .. new byte[19]]);

        SampleDescription description = Read(Visual(type, 320, 180, HvcC(PqSps), dolby));

        Assert.Equal((codecString, supplemental), (description.Codec.CodecString, description.Codec.SupplementalCodecs));
        Assert.Equal(VideoRange.Pq, description.Codec.VideoRange);
        Assert.Contains(Children(description.Entry), child => child.Type == box);
    }

    [Fact]
    public void Dolby_vision_without_its_configuration_is_refused() =>
        Assert.Equal("InvalidSampleEntry", Assert.Throws<PackagingException>(() => Read(Visual("dvh1", 320, 180, HvcC(PqSps)))).Code);

    [Theory]
    [InlineData("81004c000a0e000000043cfecc02f85091009040", "av01.0.00M.10.0.110.09.16.09.0", 320, 180, VideoRange.Pq)]
    [InlineData("81080c00", "av01.0.08M.08", 0, 0, VideoRange.Unknown)]
    [InlineData("81288000", "av01.1.08H.08.0.000.01.01.01.0", 0, 0, VideoRange.Unknown)]
    [InlineData("81081c00", "av01.0.08M.08.1.110.01.01.01.0", 0, 0, VideoRange.Unknown)]
    public void Av1_gives_its_optional_fields_all_or_none(string configuration, string codecString, int width, int height, VideoRange range)
    {
        CodecInfo codec = Read(Visual("av01", 0, 0, Box("av1C", Hex(configuration)))).Codec;

        Assert.Equal((codecString, width, height, range), (codec.CodecString, codec.Width, codec.Height, codec.VideoRange));
    }

    [Theory]
    [InlineData("01000000 020b a2 09 10 09 0000", "vp09.02.11.10.01.09.16.09.00", VideoRange.Pq)]
    [InlineData("01000000 001f 80 02 02 02 0000", "vp09.00.31.08", VideoRange.Unknown)]
    [InlineData("01000000 0000 82 01 01 01 0000", "vp09.00.40.08", VideoRange.Sdr)]
    [InlineData("01000000 0132 86 01 01 01 0000", "vp09.01.50.08.03.01.01.01.00", VideoRange.Sdr)]
    [InlineData("00000000 0029 82 10 0000", "vp09.00.41.08", VideoRange.Sdr)]
    public void Vp9_gives_a_level_even_where_the_encoder_knew_none(string configuration, string codecString, VideoRange range)
    {
        SampleDescription description = Read(Visual("vp09", 1920, 1080, Box("vpcC", Hex(configuration))));

        Assert.Equal((codecString, range), (description.Codec.CodecString, description.Codec.VideoRange));
        Assert.Equal(1, Children(description.Entry)[0].Content[0]);
    }

    [Theory]
    [InlineData("6e636c63 0001 0001 0001", "6e636c78 0001 0001 0001 00")]
    [InlineData("6e636c78 0009 0010 0009", "6e636c78 0009 0010 0009 00")]
    [InlineData("6e636c78 0009 0010 0009 80", "6e636c78 0009 0010 0009 80")]
    [InlineData("70726f66 01020304", "70726f66 01020304")]
    [InlineData("6e636c78 0009", null)]
    [InlineData("78787878 0001 0001 0001", null)]
    public void Colour_is_written_as_browsers_read_it(string found, string? written)
    {
        SampleDescription description = Read(Visual("avc1", 512, 288, AvcC(), Box("colr", Hex(found))));

        byte[]? colour = Children(description.Entry).SingleOrDefault(box => box.Type == "colr").Content;
        Assert.Equal(written is null ? null : Hex(written), colour);
    }

    [Fact]
    public void Other_boxes_are_carried_over_and_quicktime_leftovers_are_not()
    {
        byte[][] boxes =
        [
            Box("clap", new byte[32]), Box("btrt", new byte[12]), Box("fiel", [1, 0]), Box("mdcv", new byte[24]), Box("clli", new byte[4]),
            Box("amve", new byte[8]), Box("abcd", [7]), Box("\0\u0001\u0002\u0003", [1]), AvcC(), Box("avcC", [9]), new byte[4],
        ];
        byte[] entry = Visual("avc1", 512, 288, boxes);
        Encoding.ASCII.GetBytes("appl").CopyTo(entry, 8 + 12);

        byte[] written = Read(entry).Entry;

        Assert.Equal(["avcC", "clap", "btrt", "fiel", "mdcv", "clli", "amve", "abcd"], Children(written).Select(box => box.Type));
        Assert.Equal(new byte[16], written[16..32]);
    }

    [Theory]
    [InlineData("vc-1", "VC-1")]
    [InlineData("WVC1", "VC-1")]
    [InlineData("apcn", "ProRes 422")]
    [InlineData("mjpa", "Motion JPEG")]
    [InlineData("xyz?", "codec 'xyz?'")]
    public void What_cannot_be_carried_is_refused_by_name(string type, string name)
    {
        CodecInfo codec = Read(Visual(type, 320, 240)).Codec;

        Assert.Equal((name, TrackKind.Video), (codec.Name, codec.Kind));
        Assert.Contains(name, codec.Refusal);
    }

    [Theory]
    [InlineData(0x20, "000001b009", "MPEG-4 Part 2", "mp4v.20.9")]
    [InlineData(0x61, "", "MPEG-2", "mp4v.61")]
    [InlineData(0x6A, "", "MPEG-1", "mp4v.6a")]
    [InlineData(0x6C, "", "Motion JPEG", "mp4v.6c")]
    public void What_hides_in_mp4v_is_refused_by_its_own_name(int objectType, string config, string name, string codecString)
    {
        CodecInfo codec = Read(Visual("mp4v", 320, 240, Esds(objectType, Hex(config)))).Codec;

        Assert.Equal((name, codecString), (codec.Name, codec.CodecString));
        Assert.NotNull(codec.Refusal);
    }

    [Theory]
    [InlineData("encv", "avc1", "cenc", "H.264", "cenc (Common Encryption, AES-CTR)")]
    [InlineData("encv", "hvc1", "cbcs", "HEVC", "cbcs (Common Encryption, AES-CBC)")]
    [InlineData("encv", "avc1", "piff", "H.264", "piff (PlayReady Smooth Streaming)")]
    public void Encrypted_media_is_refused_with_codec_and_scheme(string type, string original, string scheme, string name, string expected)
    {
        byte[] sinf = Box(
            "sinf",
            Box("frma", Encoding.ASCII.GetBytes(original)),
            FullBox("schm", 0, 0, Encoding.ASCII.GetBytes(scheme), U32(0x10000)),
            Box("schi"));

        CodecInfo codec = Read(Visual(type, 320, 240, AvcC(), sinf)).Codec;

        Assert.Equal(name, codec.Name);
        Assert.Contains($"protected with {expected}", codec.Refusal);
    }

    [Fact]
    public void A_missing_or_cut_configuration_is_told_with_file_and_offset()
    {
        byte[] avcC = AvcC();
        byte[] lying = Visual("avc1", 512, 288, [.. U32(avcC.Length), .. avcC[4..13], 0xff, 0xff, .. avcC[15..]]);

        byte[] cut = Visual("avc1", 512, 288, Box("avcC", [1, 2]));
        foreach (byte[] entry in (byte[][])[Visual("avc1", 512, 288), lying, cut, Box("avc1", new byte[20])])
        {
            var fault = Assert.Throws<PackagingException>(() => Read(entry));
            Assert.Equal(("InvalidSampleEntry", "a.mp4"), (fault.Code, fault.File));
            Assert.InRange(fault.Offset!.Value, 1000, 1000 + entry.Length);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(15)]
    public void An_entry_cut_short_is_told(int length) =>
        Assert.Equal("InvalidSampleEntry", Assert.Throws<PackagingException>(() => Read(AvcEntry()[..length])).Code);

    [Fact]
    public void An_entry_that_claims_more_than_is_there_is_told()
    {
        byte[] entry = AvcEntry();

        Assert.Contains("claims", Assert.Throws<PackagingException>(() => Read(entry[..^1])).Message);
    }

    [Theory]
    [InlineData("wvtt", "text", "WebVTT", "wvtt", false)]
    [InlineData("stpp", "subt", "TTML", "stpp.ttml.im1t", false)]
    [InlineData("tx3g", "sbtl", "3GPP timed text", "tx3g", true)]
    [InlineData("c608", "clcp", "CEA-608", "c608", true)]
    public void Text_is_recognised(string type, string handler, string name, string codecString, bool refused)
    {
        CodecInfo codec = SampleDescriptionReader.Read(Box(type, new byte[8], new byte[30]), handler, "a.mp4", 0).Codec;

        Assert.Equal((TrackKind.Text, name, codecString, refused), (codec.Kind, codec.Name, codec.CodecString, codec.Refusal is not null));
    }

    private static SampleDescription Read(byte[] entry) => SampleDescriptionReader.Read(entry, "vide", "a.mp4", 1000);

    private static byte[] HvcC(string? sps = null)
    {
        byte[] header = Hex("0102200000009000000000003cf000fcfdfafa00000f");
        return sps is null
            ? Box("hvcC", header, [0])
            : Box("hvcC", header, [3], Array(0x20, HevcVps), Array(0x21, sps), Array(0x22, HevcPps));

        static byte[] Array(int type, string unit) => [(byte)type, 0, 1, .. U16(unit.Length / 2), .. Hex(unit)];
    }

    private static List<(string Type, byte[] Content)> Children(byte[] entry)
    {
        List<(string, byte[])> children = [];
        for (int at = 86; at < entry.Length;)
        {
            int size = (entry[at] << 24) | (entry[at + 1] << 16) | (entry[at + 2] << 8) | entry[at + 3];
            children.Add((Encoding.Latin1.GetString(entry, at + 4, 4), entry[(at + 8)..(at + size)]));
            at += size;
        }

        return children;
    }

    private static string Binary(int value, int bits) => Convert.ToString(value, 2).PadLeft(bits, '0');
}
