using AmsMigration.Packaging.Codecs;

namespace AmsMigration.Packaging.Gaps;

/// <summary>
/// An access unit of AAC that decodes to silence: a raw_data_block (ISO/IEC 14496-3 4.4.2.1) whose elements have no scale factor bands. It fits
/// frames of 1024 and of 960 samples. With SBR its extension is left out, so that the decoder has nothing to replicate: still silence.
/// </summary>
internal static class SilentAac
{
    private const int SingleChannel = 0;
    private const int ChannelPair = 1;
    private const int LowFrequency = 3;
    private const int End = 7;

    /// <summary>Elements of each channelConfiguration (table 1.19).</summary>
    private static readonly int[][] Elements =
    [
        [],
        [SingleChannel],
        [ChannelPair],
        [SingleChannel, ChannelPair],
        [SingleChannel, ChannelPair, SingleChannel],
        [SingleChannel, ChannelPair, ChannelPair],
        [SingleChannel, ChannelPair, ChannelPair, LowFrequency],
        [SingleChannel, ChannelPair, ChannelPair, ChannelPair, LowFrequency],
    ];

    /// <returns>Null where the configuration is one that this cannot be silent in: error resilient types, and channels by a program_config_element.</returns>
    public static byte[]? Create(AudioSpecificConfig? configuration)
    {
        const int Main = 1;
        const int LowComplexity = 2;
        const int LongTermPrediction = 4;
        if (configuration is not { ObjectType: Main or LowComplexity or LongTermPrediction, ChannelConfiguration: >= 1 and <= 7 })
        {
            return null;
        }

        var bits = new BitList();
        int[] tags = new int[End];
        foreach (int element in Elements[configuration.ChannelConfiguration])
        {
            bits.Add(element, 3);
            bits.Add(tags[element]++, 4);
            if (element == ChannelPair)
            {
                // common_window, so that both share one ics_info; no mid/side stereo.
                bits.Add(1, 1);
                AddWindow(bits);
                bits.Add(0, 2);
                AddChannel(bits, hasWindow: false);
                AddChannel(bits, hasWindow: false);
            }
            else
            {
                AddChannel(bits, hasWindow: true);
            }
        }

        bits.Add(End, 3);
        return bits.ToArray();
    }

    /// <summary>individual_channel_stream (4.4.2.7): global_gain, then no section, no scale factor, no pulse, no TNS and no gain control.</summary>
    private static void AddChannel(BitList bits, bool hasWindow)
    {
        bits.Add(0, 8);
        if (hasWindow)
        {
            AddWindow(bits);
        }

        bits.Add(0, 3);
    }

    /// <summary>ics_info (4.4.2.7): a long window of sine shape with max_sfb 0 and no prediction.</summary>
    private static void AddWindow(BitList bits) => bits.Add(0, 1 + 2 + 1 + 6 + 1);

    private sealed class BitList
    {
        private readonly List<byte> _bytes = [];
        private int _count;

        public void Add(int value, int count)
        {
            for (int i = count - 1; i >= 0; i--, _count++)
            {
                if (_count % 8 == 0)
                {
                    _bytes.Add(0);
                }

                _bytes[_count / 8] |= (byte)(((value >> i) & 1) << (7 - (_count % 8)));
            }
        }

        public byte[] ToArray() => [.. _bytes];
    }
}
