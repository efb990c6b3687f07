namespace AmsMigration.Packaging.Codecs;

/// <summary>AudioSpecificConfig (ISO/IEC 14496-3 1.6.2.1).</summary>
/// <param name="ObjectType">Of the core codec, e.g. 2 for AAC-LC.</param>
/// <param name="SampleRate">Of the core codec, Hz.</param>
/// <param name="OutputRate">As rendered, Hz.</param>
/// <param name="ChannelConfiguration">Table 1.19; 0 where a program_config_element says it.</param>
/// <param name="Channels">As rendered; 0 where it cannot be told.</param>
internal sealed record AudioSpecificConfig(
    int ObjectType, bool HasSbr, bool HasPs, int SampleRate, int OutputRate, int ChannelConfiguration, int Channels)
{
    public const int Usac = 42;

    /// <summary>Samples of a frame of the core codec; 0 where that is none of the AAC types that have 1024 or 960.</summary>
    public int FrameLength { get; init; }

    private const int SbrSyncExtension = 0x2b7;
    private const int PsSyncExtension = 0x548;

    private static readonly int[] SampleRates = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350];

    private static readonly int[] UsacSampleRates =
    [
        96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350, 0, 0,
        57600, 51200, 40000, 38400, 34150, 28800, 25600, 20000, 19200, 17075, 14400, 12800, 9600,
    ];

    private static readonly int[] ChannelCounts = [0, 1, 2, 3, 4, 5, 6, 8, 0, 3, 4, 7, 8, 24, 8, 12, 10, 12, 14, 12, 14];

    /// <summary>The audio object type that CODECS names.</summary>
    public int SignalledObjectType => ObjectType == Usac ? Usac : HasPs ? 29 : HasSbr ? 5 : ObjectType;

    public string Name => SignalledObjectType switch
    {
        1 => "AAC Main",
        2 => "AAC-LC",
        3 => "AAC SSR",
        4 => "AAC-LTP",
        5 => "HE-AAC",
        6 or 20 => "AAC Scalable",
        7 or 21 => "TwinVQ",
        8 or 24 => "CELP",
        9 or 25 => "HVXC",
        17 => "ER AAC-LC",
        19 => "ER AAC-LTP",
        22 => "ER BSAC",
        23 => "AAC-LD",
        29 => "HE-AAC v2",
        32 => "MP1",
        33 => "MP2",
        34 => "MP3",
        36 => "MPEG-4 ALS",
        37 or 38 => "MPEG-4 SLS",
        39 => "AAC-ELD",
        Usac => "xHE-AAC",
        int type => $"MPEG-4 audio object type {type}",
    };

    public bool IsAac => ObjectType is 1 or 2 or 4 or 17 or 19 or 23 or 39 or Usac;

    /// <summary>The bytes of an AAC-LC configuration; null where the rate or the channels have no number in the standard.</summary>
    public static byte[]? Write(int sampleRate, int channels)
    {
        const int LowComplexity = 2;
        int rate = Array.IndexOf(SampleRates, sampleRate);
        int configuration = channels is >= 1 and <= 6 ? channels : channels == 8 ? 7 : 0;
        int bits = (LowComplexity << 11) | (rate << 7) | (configuration << 3);
        return rate < 0 || configuration == 0 ? null : [(byte)(bits >> 8), (byte)bits];
    }

    /// <returns>Null where the bytes end too early.</returns>
    public static AudioSpecificConfig? Read(byte[] data)
    {
        var bits = new BitReader(data, 0, data.Length);
        int objectType = ReadObjectType(bits);
        int rate = ReadSampleRate(bits);
        int channels = (int)bits.Read(4);
        bool sbr = objectType is 5 or 29;
        bool ps = objectType == 29;
        int outputRate = rate;
        if (sbr)
        {
            outputRate = ReadSampleRate(bits);
            objectType = ReadObjectType(bits);
            if (objectType == 22)
            {
                bits.Skip(4);
            }
        }

        if (bits.Overrun)
        {
            return null;
        }

        int frameLength = 0;
        int count = channels < ChannelCounts.Length ? ChannelCounts[channels] : 0;
        switch (objectType)
        {
            case 1 or 2 or 3 or 4 or 6 or 7 or 17 or 19 or 20 or 21 or 22 or 23:
                frameLength = bits.ReadFlag() ? 960 : 1024;
                count = SkipGeneralAudio(bits, objectType, channels) ?? count;
                break;
            case Usac:
                (outputRate, channels, count) = ReadUsac(bits);
                return new AudioSpecificConfig(objectType, false, false, rate, outputRate == 0 ? rate : outputRate, channels, count);
        }

        if (!sbr && bits.BitsLeft >= 16 && bits.Read(11) == SbrSyncExtension && ReadObjectType(bits) == 5 && bits.ReadFlag())
        {
            int extended = ReadSampleRate(bits);
            if (!bits.Overrun)
            {
                (sbr, outputRate) = (true, extended);
                ps = bits.BitsLeft >= 12 && bits.Read(11) == PsSyncExtension && bits.ReadFlag();
            }
        }

        return new AudioSpecificConfig(objectType, sbr, ps, rate, outputRate, channels, ps && count == 1 ? 2 : count)
        {
            FrameLength = objectType is 1 or 2 or 4 or 17 or 19 ? frameLength : 0,
        };
    }

    private static int ReadObjectType(BitReader bits)
    {
        int type = (int)bits.Read(5);
        return type == 31 ? 32 + (int)bits.Read(6) : type;
    }

    private static int ReadSampleRate(BitReader bits)
    {
        int index = (int)bits.Read(4);
        return index == 15 ? (int)bits.Read(24) : index < SampleRates.Length ? SampleRates[index] : 0;
    }

    /// <summary>The rest of GASpecificConfig (4.4.1) behind frameLengthFlag. Gives the channels of its program_config_element, null where it has none.</summary>
    private static int? SkipGeneralAudio(BitReader bits, int objectType, int channelConfiguration)
    {
        if (bits.ReadFlag())
        {
            bits.Skip(14);
        }

        bool extension = bits.ReadFlag();
        int? channels = channelConfiguration == 0 ? ReadProgramConfig(bits) : null;
        if (objectType is 6 or 20)
        {
            bits.Skip(3);
        }

        if (extension)
        {
            bits.Skip(objectType switch { 22 => 16, 17 or 19 or 20 or 23 => 3, _ => 0 } + 1);
        }

        if (objectType is 17 or 19 or 20 or 21 or 22 or 23)
        {
            bits.Skip(2);
        }

        return channels;
    }

    /// <summary>program_config_element (4.4.1.1): its channels.</summary>
    private static int ReadProgramConfig(BitReader bits)
    {
        bits.Skip(4 + 2 + 4);
        int front = (int)bits.Read(4);
        int side = (int)bits.Read(4);
        int back = (int)bits.Read(4);
        int lfe = (int)bits.Read(2);
        int data = (int)bits.Read(3);
        int coupling = (int)bits.Read(4);
        bits.Skip(bits.ReadFlag() ? 4 : 0);
        bits.Skip(bits.ReadFlag() ? 4 : 0);
        bits.Skip(bits.ReadFlag() ? 3 : 0);
        int channels = lfe;
        for (int i = 0; i < front + side + back; i++)
        {
            channels += bits.ReadFlag() ? 2 : 1;
            bits.Skip(4);
        }

        bits.Skip((4 * (lfe + data)) + (5 * coupling));
        bits.Align();
        bits.Skip(8L * bits.Read(8));
        return bits.Overrun ? 0 : channels;
    }

    /// <summary>UsacConfig (ISO/IEC 23003-3 5.2) up to its channels.</summary>
    private static (int OutputRate, int ChannelConfiguration, int Channels) ReadUsac(BitReader bits)
    {
        int index = (int)bits.Read(5);
        int rate = index == 31 ? (int)bits.Read(24) : index < UsacSampleRates.Length ? UsacSampleRates[index] : 0;
        bits.Skip(3);
        int configuration = (int)bits.Read(5);
        int channels = configuration < ChannelCounts.Length ? ChannelCounts[configuration] : 0;
        if (configuration == 0)
        {
            channels = ReadEscaped(bits, 5, 8, 16);
        }
        else if (configuration == 8)
        {
            channels = 2;
        }

        return bits.Overrun ? (0, 0, 0) : (rate, configuration, channels);
    }

    /// <summary>escapedValue() (ISO/IEC 23003-3 5.2).</summary>
    private static int ReadEscaped(BitReader bits, int first, int second, int third)
    {
        uint value = bits.Read(first);
        if (value == (1u << first) - 1)
        {
            uint more = bits.Read(second);
            value += more;
            if (more == (1u << second) - 1)
            {
                value += bits.Read(third);
            }
        }

        return (int)value;
    }
}
