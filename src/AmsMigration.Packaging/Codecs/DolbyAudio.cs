using System.Globalization;

namespace AmsMigration.Packaging.Codecs;

/// <summary>dac3 and dec3 (ETSI TS 102 366 annex F), dac4 (ETSI TS 103 190-2 annex E).</summary>
internal static class DolbyAudio
{
    private const int LfeBit = 0x0001;
    private const int Lfe2Bit = 0x0002;
    private const int LeftRight = 0xA000;
    private const int SurroundPair = 0x1800;
    private const int CentrePair = 0x0400;
    private const int RearPair = 0x0200;
    private const int DirectPair = 0x0040;
    private const int WidePair = 0x0020;
    private const int HeightPair = 0x0010;
    private const int TopPair = 0x0004;

    private static readonly int[] MaskOfMode = [0xA000, 0x4000, 0xA000, 0xE000, 0xA100, 0xE100, 0xB800, 0xF800];

    /// <summary>Masks of chan_loc's bits, the least significant first (table F.6.1).</summary>
    private static readonly int[] MaskOfLocation =
        [CentrePair, RearPair, 0x0100, 0x0080, DirectPair, WidePair, HeightPair, 0x0008, Lfe2Bit];

    private static readonly int[] SampleRates = [48000, 44100, 32000, 0];

    public static CodecInfo DescribeAc3(SampleEntryBox dac3)
    {
        dac3.Require(3);
        BitReader bits = dac3.Bits();
        int rate = SampleRates[bits.Read(2)];
        bits.Skip(5 + 3);
        int mask = MaskOfMode[bits.Read(3)] | (bits.ReadFlag() ? LfeBit : 0);
        return new CodecInfo
        {
            FourCC = "ac-3",
            CodecString = "ac-3",
            Name = "AC-3",
            Family = "ac-3",
            Channels = Count(mask),
            DashChannels = ChannelLayouts.Dolby(mask),
            SampleRate = rate,
        };
    }

    public static CodecInfo DescribeEnhancedAc3(SampleEntryBox dec3)
    {
        dec3.Require(5);
        BitReader bits = dec3.Bits();
        bits.Skip(13);
        int substreams = (int)bits.Read(3) + 1;
        int rate = 0;
        int mask = 0;
        for (int i = 0; i < substreams; i++)
        {
            int substreamRate = SampleRates[bits.Read(2)];
            bits.Skip(5 + 1 + 1 + 3);
            int substreamMask = MaskOfMode[bits.Read(3)] | (bits.ReadFlag() ? LfeBit : 0);
            bits.Skip(3);
            if (bits.Read(4) > 0)
            {
                uint locations = bits.Read(9);
                for (int bit = 0; bit < MaskOfLocation.Length; bit++)
                {
                    substreamMask |= (locations & (1u << bit)) != 0 ? MaskOfLocation[bit] : 0;
                }
            }
            else
            {
                bits.Skip(1);
            }

            if (i == 0)
            {
                (rate, mask) = (substreamRate, substreamMask);
            }
        }

        if (bits.Overrun)
        {
            throw dec3.Invalid($"Box 'dec3' has {dec3.ContentLength} bytes; its {substreams} substreams need more.");
        }

        bits.Skip(bits.BitsLeft >= 16 ? 7 : bits.BitsLeft);
        bool joint = bits.BitsLeft >= 9 && bits.ReadFlag();
        uint complexity = joint ? bits.Read(8) : 0;
        int channels = Count(mask);
        return new CodecInfo
        {
            FourCC = "ec-3",
            CodecString = "ec-3",
            Name = joint ? "E-AC-3 with JOC" : "E-AC-3",
            Family = joint ? "ec-3-joc" : "ec-3",
            Channels = channels,
            HlsChannels = joint ? $"{(complexity > 0 ? complexity : 16)}/JOC" : null,
            DashChannels = ChannelLayouts.Dolby(mask),
            DashSupplementalProperties = joint
                ?
                [
                    ("tag:dolby.com,2018:dash:EC3_ExtensionType:2018", "JOC"),
                    ("tag:dolby.com,2018:dash:EC3_ExtensionComplexityIndex:2018", complexity.ToString(CultureInfo.InvariantCulture)),
                ]
                : [],
            SampleRate = rate,
        };
    }

    /// <summary>The codec string (TS 103 190-2 annex E.13) takes presentation_version and mdcompat of the first presentation.</summary>
    public static CodecInfo DescribeAc4(SampleEntryBox dac4, int channels)
    {
        dac4.Require(4);
        BitReader bits = dac4.Bits();
        bits.Skip(3);
        int bitstreamVersion = (int)bits.Read(7);
        int rate = bits.ReadFlag() ? 48000 : 44100;
        bits.Skip(4);
        int presentations = (int)bits.Read(9);
        if (bitstreamVersion > 1 && bits.ReadFlag())
        {
            bits.Skip(16);
            bits.Skip(bits.ReadFlag() ? 128 : 0);
        }

        bits.Skip(2 + 32 + 32);
        bits.Align();
        int presentationVersion = presentations > 0 ? (int)bits.Read(8) : 0;
        bits.Skip(bits.Read(8) == 255 ? 16 : 0);
        uint configuration = bits.Read(5);
        int compatibility = configuration == 6 ? 0 : (int)bits.Read(3);
        return new CodecInfo
        {
            FourCC = "ac-4",
            CodecString = bits.Overrun ? "ac-4" : $"ac-4.{bitstreamVersion:x2}.{presentationVersion:x2}.{compatibility:x2}",
            Name = "AC-4",
            Family = "ac-4",
            Channels = channels,
            DashChannels = ChannelLayouts.Mpeg(channels),
            SampleRate = rate,
        };
    }

    private static int Count(int mask)
    {
        int count = 0;
        for (int bit = 0x8000; bit != 0; bit >>= 1)
        {
            bool isSinglePair = bit is CentrePair or RearPair or DirectPair or WidePair or HeightPair or TopPair;
            count += (mask & bit) == 0 ? 0 : isSinglePair ? 2 : 1;
        }

        return count;
    }
}
