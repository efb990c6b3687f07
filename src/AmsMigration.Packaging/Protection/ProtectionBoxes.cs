using AmsMigration.Packaging.IsoBmff;

namespace AmsMigration.Packaging.Protection;

/// <summary>Boxes of ISO/IEC 23001-7 clause 8 in a track's header.</summary>
internal static class ProtectionBoxes
{
    /// <summary>A sample entry under the name of encrypted media, with the name that it had in sinf.</summary>
    public static byte[] WrapEntry(byte[] entry, TrackProtection protection, bool isVideo)
    {
        var writer = new BoxWriter(entry.Length + 128);
        int box = writer.Begin(isVideo ? "encv" : "enca");
        byte[] content = [.. entry.Skip(8)];
        writer.Bytes(content);
        WriteProtection(writer, new string([.. entry.Skip(4).Take(4).Select(letter => (char)letter)]), protection);
        writer.End(box);
        return writer.ToArray();
    }

    /// <summary>Samples of a group that is not encrypted (ISO/IEC 23001-7 6), described in the fragment itself.</summary>
    public static byte[] CreateClearGroup(int sampleCount)
    {
        const uint FirstOfFragment = 0x10001;
        const int EntryLength = 20;
        var writer = new BoxWriter(ClearGroupLength);
        int sgpd = writer.Begin("sgpd", 1, 0);
        writer.FourCC("seig");
        writer.UInt32(EntryLength);
        writer.UInt32(1);
        writer.Zeros(EntryLength);
        writer.End(sgpd);
        int sbgp = writer.Begin("sbgp", 0, 0);
        writer.FourCC("seig");
        writer.UInt32(1);
        writer.UInt32((uint)sampleCount);
        writer.UInt32(FirstOfFragment);
        writer.End(sbgp);
        return writer.ToArray();
    }

    /// <summary>Bytes of <see cref="CreateClearGroup"/>.</summary>
    public const int ClearGroupLength = 44 + 28;

    private static void WriteProtection(BoxWriter writer, string format, TrackProtection protection)
    {
        const uint Version1 = 0x10000;
        int sinf = writer.Begin("sinf");
        int frma = writer.Begin("frma");
        writer.FourCC(format);
        writer.End(frma);
        int schm = writer.Begin("schm", 0, 0);
        writer.FourCC(protection.Scheme.ToString().ToLowerInvariant());
        writer.UInt32(Version1);
        writer.End(schm);
        int schi = writer.Begin("schi");
        WriteTrackEncryption(writer, protection);
        writer.End(schi);
        writer.End(sinf);
    }

    private static void WriteTrackEncryption(BoxWriter writer, TrackProtection protection)
    {
        byte[]? constant = protection.ConstantVector;
        int tenc = writer.Begin("tenc", (byte)(constant is null ? 0 : 1), 0);
        writer.UInt8(0);
        writer.UInt8((byte)((protection.Pattern.Crypt << 4) | protection.Pattern.Skip));
        writer.UInt8(1);
        writer.UInt8((byte)protection.VectorLength);
        writer.Bytes(ContentKey.ToBytes(protection.Key.Id));
        if (constant is not null)
        {
            writer.UInt8((byte)constant.Length);
            writer.Bytes(constant);
        }

        writer.End(tenc);
    }
}
