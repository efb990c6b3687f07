using AmsMigration.Packaging.Codecs;
using AmsMigration.Packaging.Presentations;
using static AmsMigration.TestSupport.Boxes;

namespace AmsMigration.Packaging.Tests.Codecs;

public class AudioEntryTests
{
    private const string Mpeg = "urn:mpeg:dash:23003:3:audio_channel_configuration:2011";
    private const string StreamInfo = "00000000 80000022 1000 1000 000000 000000 17700 37 000000000 00000000000000000000000000000000";
    private const string Dolby = "tag:dolby.com,2014:dash:audio_channel_configuration:2011";

    [Theory]
    [InlineData("00010 0011 0010 000", "mp4a.40.2", "AAC-LC", 48000, 2, "2")]
    [InlineData("00010 0100 0001 000", "mp4a.40.2", "AAC-LC", 44100, 1, "1")]
    [InlineData("00010 0011 0110 000", "mp4a.40.2", "AAC-LC", 48000, 6, "6")]
    [InlineData("00010 0011 0111 000", "mp4a.40.2", "AAC-LC", 48000, 8, "7")]
    [InlineData("00010 0011 1100 000", "mp4a.40.2", "AAC-LC", 48000, 8, "12")]
    [InlineData("00010 0011 1011 000", "mp4a.40.2", "AAC-LC", 48000, 7, "11")]
    [InlineData("00010 1111 000000001011101110000000 0010 000", "mp4a.40.2", "AAC-LC", 48000, 2, "2")]
    [InlineData("00101 0110 0010 0011 00010 000", "mp4a.40.5", "HE-AAC", 48000, 2, "2")]
    [InlineData("11101 0110 0001 0011 00010 000", "mp4a.40.29", "HE-AAC v2", 48000, 2, "2")]
    [InlineData("00010 0110 0010 000 01010110111 00101 1 0011", "mp4a.40.5", "HE-AAC", 48000, 2, "2")]
    [InlineData("00010 0110 0001 000 01010110111 00101 1 0011 10101001000 1", "mp4a.40.29", "HE-AAC v2", 48000, 2, "2")]
    [InlineData("00010 0011 0010 000 01010110111 00101 0", "mp4a.40.2", "AAC-LC", 48000, 2, "2")]
    [InlineData("11111 001010 0011 0010 00011 011 00010", "mp4a.40.42", "xHE-AAC", 48000, 2, "2")]
    [InlineData("11111 000111 0100 0010 0", "mp4a.40.39", "AAC-ELD", 44100, 2, "2")]
    public void Aac_says_what_is_heard(string config, string codecString, string name, int rate, int channels, string dash)
    {
        CodecInfo codec = Read(Audio("mp4a", 2, 24000, [Esds(0x40, Bits(config))])).Codec;

        Assert.Equal((codecString, name, rate, channels), (codec.CodecString, codec.Name, codec.SampleRate, codec.Channels));
        Assert.Equal(($"{channels}", (Mpeg, dash)), (codec.HlsChannels, codec.DashChannels));
        Assert.Null(codec.Refusal);
    }

    [Fact]
    public void Channels_come_from_the_program_config_where_the_configuration_has_none()
    {
        byte[] config = Hex("118004c848002000c4400d4c61766335392e33372e31303056e500"); // of ffmpeg's encoder, 6.1

        CodecInfo codec = Read(Audio("mp4a", 2, 48000, [Esds(0x40, config)])).Codec;

        Assert.Equal((7, (Mpeg, "11")), (codec.Channels, codec.DashChannels));
    }

    [Fact]
    public void The_channel_count_of_the_entry_is_put_right()
    {
        byte[] entry = Read(Audio("mp4a", 2, 48000, [Esds(0x40, Bits("00010 0011 0110 000"))])).Entry;

        Assert.Equal(6, entry[25]);
    }

    [Theory]
    [InlineData(0x67, "00010 0011 0010 000", "mp4a.67", "AAC-LC")]
    [InlineData(0x6B, "", "mp4a.6B", "MP3")]
    [InlineData(0x69, "", "mp4a.69", "MP3")]
    [InlineData(0x40, "11111 000010 0011 0010", "mp4a.6B", "MP3")]
    public void Mpeg_audio_of_every_age_is_carried(int objectType, string config, string codecString, string name)
    {
        CodecInfo codec = Read(Audio("mp4a", 2, 48000, [Esds(objectType, Bits(config))])).Codec;

        Assert.Equal((codecString, name, null), (codec.CodecString, codec.Name, codec.Refusal));
    }

    [Theory]
    [InlineData(0xDD, "", "Vorbis")]
    [InlineData(0xE1, "", "QCELP")]
    [InlineData(0xA5, "", "AC-3 in an MPEG-4 entry")]
    [InlineData(0x40, "01000 0011 0010", "CELP")]
    [InlineData(0x40, "11111 000100 0011 0010", "MPEG-4 ALS")]
    public void What_else_hides_in_mp4a_is_refused_by_name(int objectType, string config, string name)
    {
        CodecInfo codec = Read(Audio("mp4a", 2, 48000, [Esds(objectType, Bits(config))])).Codec;

        Assert.Equal(name, codec.Name);
        Assert.StartsWith(name, codec.Refusal);
    }

    [Fact]
    public void Aac_without_its_configuration_is_told() =>
        Assert.Contains(
            "AudioSpecificConfig", Assert.Throws<PackagingException>(() => Read(Audio("mp4a", 2, 47000, [Esds(0x40, [])]))).Message);

    [Fact]
    public void Aac_with_an_empty_configuration_is_the_plain_one_of_its_rate_and_channels()
    {
        CodecInfo codec = Read(Audio("mp4a", 2, 48000, [Esds(0x40, [])])).Codec;

        Assert.Equal(("mp4a.40.2", 48000, 2), (codec.CodecString, codec.SampleRate, codec.Channels));
    }

    [Fact]
    public void Quicktime_versions_1_and_2_become_the_entry_of_the_standard()
    {
        byte[] esds = Esds(0x40, Bits("00010 0011 0010 000"));
        byte[] wave = Box("wave", Box("frma", "mp4a"u8.ToArray()), Box("mp4a", new byte[4]), esds, new byte[8]);
        byte[] plain = Audio("mp4a", 2, 48000, [esds]);
        byte[] first = Audio("mp4a", 2, 48000, [wave], version: 1, extra: [.. U32(1024), .. U32(0), .. U32(0), .. U32(2)]);
        byte[] second = Audio(
            "mp4a", 3, 1, [wave], version: 2,
            extra: [.. U32(72), .. BitConverter.GetBytes(48000.0).Reverse(), .. U32(2), .. U32(0x7F000000), .. new byte[16]]);
        byte[] iso = Audio("mp4a", 2, 48000, [esds, FullBox("srat", 0, 0, U32(48000))], version: 1);

        byte[] expected = Read(plain).Entry;

        Assert.Equal(expected, Read(first).Entry);
        Assert.Equal(expected, Read(second).Entry);
        Assert.Equal(expected, Read(iso).Entry);
    }

    [Theory]
    [InlineData("000", "0", 2, "A000")]
    [InlineData("001", "0", 1, "4000")]
    [InlineData("010", "1", 3, "A001")]
    [InlineData("100", "0", 3, "A100")]
    [InlineData("101", "1", 5, "E101")]
    [InlineData("110", "0", 4, "B800")]
    [InlineData("111", "1", 6, "F801")]
    public void Ac3_names_its_speakers(string mode, string lfe, int channels, string mask)
    {
        CodecInfo codec = Read(Audio("ac-3", 2, 48000, [Box("dac3", Bits($"01 01000 000 {mode} {lfe} 01111 00000"))])).Codec;

        Assert.Equal(("ac-3", channels, $"{channels}", 44100), (codec.CodecString, codec.Channels, codec.HlsChannels, codec.SampleRate));
        Assert.Equal((Dolby, mask), codec.DashChannels);
    }

    [Theory]
    [InlineData("0000 0", "", 6, "6", "F801", false)]
    [InlineData("0001 000000010", "", 8, "8", "FA01", false)]
    [InlineData("0001 100000010", "", 9, "9", "FA03", false)]
    [InlineData("0000 0", "0000000 1 00010000", 6, "16/JOC", "F801", true)]
    [InlineData("0000 0", "0000000 0 00010000", 6, "6", "F801", false)]
    public void Enhanced_ac3_counts_dependent_substreams_and_objects(
        string dependent, string extension, int channels, string hls, string mask, bool joint)
    {
        string bits = $"0000111000000 000 00 10000 0 0 000 111 1 000 {dependent} {extension}";

        CodecInfo codec = Read(Audio("ec-3", 2, 48000, [Box("dec3", Bits(bits))])).Codec;

        Assert.Equal(("ec-3", channels, hls, 48000), (codec.CodecString, codec.Channels, codec.HlsChannels, codec.SampleRate));
        Assert.Equal((Dolby, mask), codec.DashChannels);
        Assert.Equal(joint ? ["JOC", "16"] : [], codec.DashSupplementalProperties.Select(property => property.Value));
    }

    [Theory]
    [InlineData("dtsc", "DTS", 0x000F, 6)]
    [InlineData("dtsh", "DTS-HD", 0x004F, 8)]
    [InlineData("dtse", "DTS Express", 0x0002, 2)]
    public void Dts_counts_the_speakers_of_its_layout(string type, string name, int layout, int channels)
    {
        string bits = new string('0', 2 + 5 + 1 + 6 + 14 + 1 + 3) + Convert.ToString(layout, 2).PadLeft(16, '0') + "00000000";
        byte[] ddts = [.. U32(48000), .. U32(0), .. U32(0), 24, .. Bits(bits)];

        CodecInfo codec = Read(Audio(type, 2, 48000, [Box("ddts", ddts)])).Codec;

        Assert.Equal((type, name, channels), (codec.CodecString, codec.Name, codec.Channels));
        Assert.Equal(("tag:dts.com,2014:dash:audio_channel_configuration:2012", $"{channels}"), codec.DashChannels);
    }

    [Theory]
    [InlineData("Opus", "dOps", "00 06 0138 0000bb80 0000 00", "Opus", "Opus", 6, 48000, 48000)]
    [InlineData("fLaC", "dfLa", StreamInfo, "fLaC", "FLAC", 2, 96000, 48000)]
    [InlineData("alac", "alac", "00000000 00001000 00 10 28 0a 0e 02 0000 00004004 00177000 0000ac44", "alac", "ALAC", 2, 44100, 48000)]
    [InlineData("mha1", "mhaC", "01 0d 06 0000", "mha1.0x0D", "MPEG-H Audio", 2, 48000, 48000)]
    public void Other_codecs_are_read_from_their_own_boxes(
        string type, string box, string config, string codecString, string name, int channels, int rate, int writtenRate)
    {
        SampleDescription description = Read(Audio(type, 2, type == "fLaC" ? 0 : 48000, [Box(box, Hex(config))]));

        CodecInfo codec = description.Codec;
        Assert.Equal((codecString, name, channels, rate), (codec.CodecString, codec.Name, codec.Channels, codec.SampleRate));
        Assert.Equal(writtenRate, (description.Entry[32] << 8) | description.Entry[33]);
        Assert.Null(codec.Refusal);
    }

    [Theory]
    [InlineData("sowt", "PCM")]
    [InlineData("ipcm", "PCM")]
    [InlineData("raw ", "PCM")]
    [InlineData("ulaw", "G.711 mu-law")]
    [InlineData("samr", "AMR")]
    [InlineData("owma", "Windows Media Audio")]
    [InlineData("ms\0\u0002", "ADPCM")]
    [InlineData("QDM2", "QDesign Music 2")]
    [InlineData("q\u0001zz", "codec 'q\\x01zz'")]
    public void What_cannot_be_carried_is_refused_by_name(string type, string name)
    {
        CodecInfo codec = Read(Audio(type, 2, 48000, [])).Codec;

        Assert.Equal((name, TrackKind.Audio, 2), (codec.Name, codec.Kind, codec.Channels));
        Assert.StartsWith(name, codec.Refusal);
    }

    private static SampleDescription Read(byte[] entry) => SampleDescriptionReader.Read(entry, "soun", "a.mp4", 1000);
}
