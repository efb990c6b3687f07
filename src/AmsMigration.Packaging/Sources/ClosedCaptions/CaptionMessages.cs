using AmsMigration.Packaging.Codecs;

namespace AmsMigration.Packaging.Sources.ClosedCaptions;

/// <summary>Finds cc_data in the SEI messages of a picture (ITU-T H.264 7.3.2.3, H.265 7.3.2.4; ATSC A/53 part 4 6.2.3).</summary>
internal static class CaptionMessages
{
    private const int RegisteredUserData = 4;
    private const int UnitedStates = 0xB5;
    private const int Atsc = 0x0031;
    private const int DirecTv = 0x002F;
    private const int CaptionData = 3;

    public static bool IsPossible(CodecInfo codec) => codec.NalLengthSize > 0 && (IsHevc(codec) || codec.FourCC is "avc1" or "avc3");

    /// <param name="sample">A picture, or the first bytes of it.</param>
    public static void Read(byte[] sample, CodecInfo codec, CaptionServices services)
    {
        int lengthSize = codec.NalLengthSize;
        for (int at = 0; at + lengthSize < sample.Length;)
        {
            long length = 0;
            for (int i = 0; i < lengthSize; i++)
            {
                length = (length << 8) | sample[at++];
            }

            int end = (int)Math.Min(sample.Length, at + length);
            (bool isMessage, int header) = IsHevc(codec)
                ? (((sample[at] >> 1) & 0x3F) is 39 or 40, 2)
                : ((sample[at] & 0x1F) == 6, 1);
            if (isMessage && end - at > header)
            {
                ReadMessages(BitReader.RemoveEmulationPrevention(sample, at + header, end - at - header), services);
            }

            at = end;
        }
    }

    private static bool IsHevc(CodecInfo codec) => codec.FourCC is "hvc1" or "hev1";

    private static void ReadMessages(byte[] data, CaptionServices services)
    {
        int at = 0;
        while (at + 2 < data.Length)
        {
            int type = ReadNumber(data, ref at);
            int size = ReadNumber(data, ref at);
            if (type == RegisteredUserData && at + size <= data.Length)
            {
                ReadUserData(data, at, at + size, services);
            }

            at += Math.Min(size, data.Length - at);
        }
    }

    /// <summary>Bytes of 255 go on, the first other one ends.</summary>
    private static int ReadNumber(byte[] data, ref int at)
    {
        int value = 0;
        while (at < data.Length && data[at] == 0xFF)
        {
            value += data[at++];
        }

        return at < data.Length ? value + data[at++] : value;
    }

    private static void ReadUserData(byte[] data, int at, int end, CaptionServices services)
    {
        if (end - at < 6 || data[at] != UnitedStates)
        {
            return;
        }

        int provider = (data[at + 1] << 8) | data[at + 2];
        at += 3;
        bool isAtsc = provider == Atsc && data[at] == 'G' && data[at + 1] == 'A' && end - at > 6 && data[at + 2] == '9' && data[at + 3] == '4';
        at += isAtsc ? 4 : 0;
        if ((!isAtsc && provider != DirecTv) || data[at++] != CaptionData)
        {
            return;
        }

        // DirecTV has the length of what follows in front.
        at += isAtsc ? 0 : 1;
        if (at + 2 <= end && (data[at] & 0x40) != 0)
        {
            services.Add(data, at + 2, Math.Min(data[at] & 0x1F, (end - at - 2) / 3));
        }
    }
}
