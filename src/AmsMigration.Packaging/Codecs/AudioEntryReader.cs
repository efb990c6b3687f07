using System.Globalization;
using AmsMigration.Packaging.IsoBmff;
using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Codecs;

/// <summary>Audio sample entries (ISO/IEC 14496-12 12.2.3); QuickTime's sound descriptions of versions 0 to 2 become such.</summary>
internal static class AudioEntryReader
{
    /// <summary>Bytes of the entry's content in front of its boxes.</summary>
    public const int FixedSize = 28;

    private const int QuickTime1Size = FixedSize + 16;
    private const int QuickTime2Size = FixedSize + 36;
    private const int Mpeg1Audio = 0x6B;
    private const int Mpeg2Audio = 0x69;

    public static SampleDescription Read(SampleEntryBox box)
    {
        AudioEntry entry = AudioEntry.Read(box);
        return entry.Type switch
        {
            "mp4a" => ReadMpeg4(entry),
            ".mp3" or "ms\0U" or "mp3 " => WriteMp3(entry, ElementaryStream.OfAudio(entry.Rate >= 32000 ? Mpeg1Audio : Mpeg2Audio, [])),
            "ac-3" => WithConfiguration(entry, "dac3", DolbyAudio.DescribeAc3),
            "ec-3" => WithConfiguration(entry, "dec3", DolbyAudio.DescribeEnhancedAc3),
            "ac-4" => WithConfiguration(entry, "dac4", dac4 => DolbyAudio.DescribeAc4(dac4, entry.Channels)),
            "dtsc" or "dtsh" or "dtsl" or "dtse" => WithConfiguration(entry, "ddts", ddts => DescribeDts(entry, ddts)),
            "dtsx" or "dtsy" => WithConfiguration(entry, "udts", _ => Describe(entry, "DTS:X", "dts-x") with { DashChannels = null }),
            "Opus" => WithConfiguration(entry, "dOps", DescribeOpus),
            "fLaC" => WithConfiguration(entry, "dfLa", DescribeFlac),
            "alac" => WithConfiguration(entry, "alac", DescribeAlac),
            "mha1" or "mha2" => WithConfiguration(entry, "mhaC", mhaC => DescribeMpegH(entry, mhaC)),
            "mhm1" or "mhm2" => entry.Find("mhaC") is null
                ? entry.Write(Describe(entry, "MPEG-H Audio", "mpeg-h"))
                : WithConfiguration(entry, "mhaC", mhaC => DescribeMpegH(entry, mhaC)),
            _ => Refused(entry, CodecNames.Find(entry.Type, TrackKind.Audio)),
        };
    }

    private static SampleDescription WithConfiguration(AudioEntry entry, string type, Func<SampleEntryBox, CodecInfo> describe)
    {
        SampleEntryBox configuration = entry.Require(type);
        return entry.Write(describe(configuration), configuration.ToBox());
    }

    private static SampleDescription ReadMpeg4(AudioEntry entry)
    {
        ElementaryStream stream = ElementaryStream.Read(entry.Require("esds"));
        switch (stream.ObjectType)
        {
            case 0x40 or 0x66 or 0x67 or 0x68:
                return ReadAac(entry, stream);
            case Mpeg1Audio or Mpeg2Audio:
                return WriteMp3(entry, stream);
            default:
                string name = stream.ObjectType switch
                {
                    0xA5 => "AC-3 in an MPEG-4 entry",
                    0xA6 => "E-AC-3 in an MPEG-4 entry",
                    0xA9 or 0xAA or 0xAB or 0xAC => "DTS in an MPEG-4 entry",
                    0xAD => "Opus in an MPEG-4 entry",
                    0xC1 => "FLAC in an MPEG-4 entry",
                    0xDD => "Vorbis",
                    0xE1 => "QCELP",
                    0xD1 => "EVRC",
                    _ => $"MPEG-4 audio of object type {stream.ObjectType:x2}",
                };
                return Refused(entry, name, $"mp4a.{stream.ObjectType:x2}");
        }
    }

    private static SampleDescription ReadAac(AudioEntry entry, ElementaryStream stream)
    {
        if (stream.DecoderConfig.Length == 0 && AudioSpecificConfig.Write(entry.Rate, entry.Channels) is byte[] implied)
        {
            // Some Smooth Streaming encoders left CodecPrivateData empty: that stood for AAC-LC of the entry's rate and channels.
            stream = stream with { DecoderConfig = implied };
        }

        AudioSpecificConfig? config = AudioSpecificConfig.Read(stream.DecoderConfig);
        if (config is null)
        {
            string found = stream.DecoderConfig.Length == 0 ? "none" : $"{stream.DecoderConfig.Length} bytes";
            throw entry.Box.Invalid($"AAC needs an AudioSpecificConfig in 'esds'; found {found}.");
        }

        string codecString = stream.ObjectType == 0x40
            ? string.Format(CultureInfo.InvariantCulture, "mp4a.40.{0}", config.SignalledObjectType)
            : $"mp4a.{stream.ObjectType:x2}";
        if (config.ObjectType == 34)
        {
            return WriteMp3(entry, ElementaryStream.OfAudio(entry.Rate >= 32000 ? Mpeg1Audio : Mpeg2Audio, []));
        }

        if (!config.IsAac)
        {
            string? reason = config.HasSbr ? $"its core is MPEG-4 audio object type {config.ObjectType}, which is not AAC" : null;
            return Refused(entry, config.Name, codecString, reason);
        }

        int channels = config.Channels > 0 ? config.Channels : entry.Channels;
        string family = config.ObjectType is 23 or 39 or AudioSpecificConfig.Usac ? $"aac-{config.ObjectType}" : "aac";
        return entry.Write(
            Describe(entry, config.Name, family) with
            {
                CodecString = codecString,
                AacConfiguration = config,
                Channels = channels,
                DashChannels = ChannelLayouts.Mpeg(channels, config.HasPs ? 0 : config.ChannelConfiguration),
                SampleRate = config.OutputRate > 0 ? config.OutputRate : entry.Rate,
            },
            stream.ToBox());
    }

    /// <summary>RFC 6381 and the MP4 registration authority: <c>mp4a.6B</c>, <c>mp4a.69</c>, upper case as browsers compare it.</summary>
    private static SampleDescription WriteMp3(AudioEntry entry, ElementaryStream stream)
    {
        CodecInfo codec = Describe(entry, "MP3", "mp3") with { FourCC = "mp4a", CodecString = $"mp4a.{stream.ObjectType:X2}" };
        return entry.Write(codec, (stream with { DecoderConfig = [] }).ToBox());
    }

    /// <summary>ETSI TS 102 114 annex E: ChannelLayout's bits name speakers or pairs of them.</summary>
    private static CodecInfo DescribeDts(AudioEntry entry, SampleEntryBox ddts)
    {
        ddts.Require(20);
        BitReader bits = ddts.Bits();
        uint rate = bits.Read(32);
        bits.Skip(32 + 32 + 8 + 2 + 5 + 1 + 6 + 14 + 1 + 3);
        uint layout = bits.Read(16);
        const uint Pairs = 0xAE66;
        int channels = 0;
        for (uint bit = 1; bit <= layout; bit <<= 1)
        {
            channels += (layout & bit) == 0 ? 0 : (Pairs & bit) != 0 ? 2 : 1;
        }

        channels = channels > 0 ? channels : entry.Channels;
        return Describe(entry, CodecNames.Find(entry.Type), entry.Type) with
        {
            Channels = channels,
            DashChannels = ChannelLayouts.Dts(channels),
            SampleRate = rate is > 0 and <= int.MaxValue ? (int)rate : entry.Rate,
        };
    }

    private static CodecInfo DescribeOpus(SampleEntryBox dOps)
    {
        dOps.Require(11);
        return Describe("Opus", "Opus", "opus", channels: dOps[1], rate: 48000);
    }

    private static CodecInfo DescribeFlac(SampleEntryBox dfLa)
    {
        dfLa.Require(4 + 4 + 34);
        BitReader bits = dfLa.Bits(4 + 4 + 10);
        int rate = (int)bits.Read(20);
        return Describe("fLaC", "FLAC", "flac", channels: (int)bits.Read(3) + 1, rate);
    }

    private static CodecInfo DescribeAlac(SampleEntryBox alac)
    {
        alac.Require(4 + 24);
        return Describe("alac", "ALAC", "alac", channels: alac[4 + 9], rate: (int)Math.Min(alac.UInt32(4 + 20), int.MaxValue));
    }

    private static CodecInfo DescribeMpegH(AudioEntry entry, SampleEntryBox mhaC)
    {
        mhaC.Require(3);
        int layout = mhaC[2];
        CodecInfo codec = Describe(entry, "MPEG-H Audio", "mpeg-h");
        return codec with
        {
            CodecString = $"{entry.Type}.0x{mhaC[1]:X2}",
            DashChannels = layout is >= 1 and <= 20 ? ChannelLayouts.Mpeg(codec.Channels, layout) : codec.DashChannels,
        };
    }

    private static CodecInfo Describe(AudioEntry entry, string name, string family) =>
        Describe(entry.Type, name, family, entry.Channels, entry.Rate);

    private static CodecInfo Describe(string fourCC, string name, string family, int channels, int rate) => new()
    {
        FourCC = fourCC,
        CodecString = fourCC,
        Name = name,
        Family = family,
        Channels = channels,
        DashChannels = ChannelLayouts.Mpeg(channels),
        SampleRate = rate,
    };

    private static SampleDescription Refused(AudioEntry entry, string name, string? codecString = null, string? reason = null)
    {
        SampleDescription refused = SampleDescriptionReader.Refused(entry.Box, TrackKind.Audio, name, reason);
        return refused with
        {
            Codec = refused.Codec with
            {
                CodecString = codecString ?? refused.Codec.CodecString,
                Channels = entry.Channels,
                SampleRate = entry.Rate,
            },
        };
    }

    /// <summary>What the entry itself says, whichever layout it has.</summary>
    private sealed record AudioEntry(SampleEntryBox Box, int Channels, int Rate, int SampleSize, List<SampleEntryBox> Boxes)
    {
        public string Type => Box.Type;

        public static AudioEntry Read(SampleEntryBox box)
        {
            box.Require(FixedSize);
            int version = box.UInt16(8);
            int channels = box.UInt16(16);
            int rate = box.UInt16(24);
            int boxes = FixedSize;
            if (version == 1 && !box.IsAllChildren(FixedSize) && box.ContentLength >= QuickTime1Size)
            {
                boxes = QuickTime1Size;
            }
            else if (version == 2 && box.ContentLength >= QuickTime2Size)
            {
                double exactRate = BitConverter.Int64BitsToDouble(((long)box.UInt32(32) << 32) | box.UInt32(36));
                rate = exactRate is >= 1 and < int.MaxValue ? (int)Math.Round(exactRate) : 0;
                channels = (int)Math.Min(box.UInt32(40), 255);
                long start = box.UInt32(28) - 8L;
                boxes = start >= QuickTime2Size && start <= box.ContentLength ? (int)start : QuickTime2Size;
            }

            List<SampleEntryBox> children = box.Children(boxes);
            SampleEntryBox? wave = children.Where(child => child.Type == "wave").Cast<SampleEntryBox?>().FirstOrDefault();
            return new AudioEntry(box, channels, rate, box.UInt16(18), [.. children, .. wave?.Children(0) ?? []]);
        }

        public SampleEntryBox? Find(string type) => Boxes.Where(box => box.Type == type).Cast<SampleEntryBox?>().FirstOrDefault();

        public SampleEntryBox Require(string type) => Find(type) ?? throw Box.Missing(type, Boxes);

        public SampleDescription Write(CodecInfo codec, byte[]? configuration = null)
        {
            codec = codec with
            {
                Kind = TrackKind.Audio,
                HlsChannels = codec.HlsChannels ?? codec.Channels.ToString(CultureInfo.InvariantCulture),
                SampleRate = codec.SampleRate > 0 ? codec.SampleRate : Rate,
            };
            var writer = new BoxWriter();
            int start = writer.Begin(codec.FourCC);
            writer.Zeros(6);
            writer.UInt16(1);
            writer.Zeros(8);
            writer.UInt16((ushort)codec.Channels);
            writer.UInt16((ushort)(SampleSize is 8 or 16 or 20 or 24 or 32 ? SampleSize : 16));
            writer.UInt32(0);
            writer.UInt32((uint)WrittenRate(codec) << 16);
            writer.Bytes(configuration ?? []);
            foreach (string carried in (string[])["btrt", "chnl", "SA3D"])
            {
                if (Find(carried) is SampleEntryBox box)
                {
                    writer.Bytes(box.ToBox());
                }
            }

            writer.End(start);
            return new SampleDescription(writer.ToArray(), codec);
        }

        /// <summary>The field has 16 bits: FLAC's binding asks for the greatest divisor of a higher rate that fits, others for 0.</summary>
        private int WrittenRate(CodecInfo codec)
        {
            int rate = Rate is > 0 and <= ushort.MaxValue ? Rate : codec.SampleRate;
            while (codec.FourCC == "fLaC" && rate > ushort.MaxValue && rate % 2 == 0)
            {
                rate /= 2;
            }

            return rate <= ushort.MaxValue ? rate : 0;
        }
    }
}
