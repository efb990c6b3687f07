using AmsMigration.Packaging.IsoBmff;

namespace AmsMigration.Packaging.Codecs;

/// <summary>colr (ISO/IEC 14496-12 12.1.5; QuickTime's <c>nclc</c>).</summary>
internal static class ColourBox
{
    /// <summary>Null for ICC profiles and what cannot be read.</summary>
    public static PictureParameters? Read(SampleEntryBox box)
    {
        if (box.ContentLength < 10 || box.FourCC(0) is not ("nclx" or "nclc"))
        {
            return null;
        }

        bool fullRange = box.ContentLength > 10 && (box[10] & 0x80) != 0;
        return new PictureParameters(0, 0, Primaries: box.UInt16(4), Transfer: box.UInt16(6), Matrix: box.UInt16(8), FullRange: fullRange);
    }

    /// <summary>
    /// The content, with QuickTime's <c>nclc</c> and an <c>nclx</c> that lacks its last byte as the full <c>nclx</c>;
    /// null to leave the box out.
    /// </summary>
    public static byte[]? Normalise(SampleEntryBox box)
    {
        if (Read(box) is not PictureParameters colour)
        {
            return box.ContentLength >= 4 && box.FourCC(0) is "prof" or "rICC" ? box.Content() : null;
        }

        var writer = new BoxWriter(11);
        writer.FourCC("nclx");
        writer.UInt16((ushort)colour.Primaries);
        writer.UInt16((ushort)colour.Transfer);
        writer.UInt16((ushort)colour.Matrix);
        writer.UInt8((byte)(colour.FullRange ? 0x80 : 0));
        return writer.ToArray();
    }
}
