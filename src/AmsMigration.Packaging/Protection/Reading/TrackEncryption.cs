using AmsMigration.Packaging.IsoBmff;

namespace AmsMigration.Packaging.Protection.Reading;

/// <summary>How samples of a source are encrypted, by its sample entry or a sample group (ISO/IEC 23001-7 8.2, 6; PIFF 1.1 5.3.3).</summary>
/// <param name="VectorLength">Bytes of each sample's initialization vector: 0, 8 or 16.</param>
/// <param name="ConstantVector">That of all samples, where they have none of their own.</param>
/// <param name="Crypt">Blocks of the pattern; 0 with <paramref name="Skip"/> 0 for all.</param>
/// <param name="IsProtected">False for samples that are in the clear.</param>
internal sealed record TrackEncryption(
    string Scheme, Guid KeyId, int VectorLength, byte[]? ConstantVector = null, int Crypt = 0, int Skip = 0, bool IsProtected = true)
{
    /// <summary>PIFF's own name for 'tenc'.</summary>
    public static readonly Guid PiffTrack = new("8974dbce-7be7-4c51-84f9-7148f9882554");

    /// <summary>PIFF's own name for 'senc'.</summary>
    public static readonly Guid PiffSample = new("a2394f52-5a9b-4f14-a244-6c427c648df4");

    /// <summary>Counter mode; CBC with a pattern otherwise.</summary>
    public bool IsCounterMode => Scheme is "cenc" or "piff";

    /// <param name="sinf">'sinf', behind its header.</param>
    /// <returns>Null where it is another protection, or says too little.</returns>
    public static TrackEncryption? Read(BoxReader sinf)
    {
        if (!sinf.TryFind("schm", out BoxReader schm) || !sinf.TryFind("schi", out BoxReader schi))
        {
            return null;
        }

        schm.FullBox();
        string scheme = schm.FourCC();
        if (scheme is not ("cenc" or "piff" or "cbcs"))
        {
            return null;
        }

        return schi.TryFind("tenc", out BoxReader tenc) ? ReadDefaults(tenc, scheme)
            : TryFindExtended(schi, PiffTrack, out BoxReader piff) ? ReadPiff(piff, scheme)
            : null;
    }

    /// <summary>The first 'uuid' box of a type, behind that.</summary>
    public static bool TryFindExtended(BoxReader list, Guid type, out BoxReader box)
    {
        while (list.NextChild(out box))
        {
            if (box.Type == "uuid" && box.Remaining >= ContentKey.Length && ContentKey.ToId(box.Bytes(ContentKey.Length)) == type)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>CencSampleEncryptionInformationGroupEntry (ISO/IEC 23001-7 6).</summary>
    public TrackEncryption ReadGroup(BoxReader entry) => ReadValues(entry, Scheme, hasPattern: true);

    private static TrackEncryption ReadDefaults(BoxReader tenc, string scheme)
    {
        (byte version, _) = tenc.FullBox();
        return ReadValues(tenc, scheme, hasPattern: version > 0);
    }

    private static TrackEncryption ReadValues(BoxReader box, string scheme, bool hasPattern)
    {
        box.Skip(1);
        byte pattern = box.U8();
        bool isProtected = box.U8() != 0;
        int vectorLength = box.U8();
        Guid keyId = ContentKey.ToId(box.Bytes(ContentKey.Length));
        byte[]? constant = null;
        if (isProtected && vectorLength == 0)
        {
            int length = box.U8();
            constant = length is 8 or 16 ? box.Bytes(length) : throw Unknown(box, length);
        }

        return vectorLength is 0 or 8 or 16
            ? new TrackEncryption(scheme, keyId, vectorLength, constant, hasPattern ? pattern >> 4 : 0, hasPattern ? pattern & 15 : 0, isProtected)
            : throw Unknown(box, vectorLength);
    }

    private static TrackEncryption? ReadPiff(BoxReader box, string scheme)
    {
        const uint CounterMode = 1;
        box.FullBox();
        uint algorithm = box.U24();
        int vectorLength = box.U8();
        Guid keyId = ContentKey.ToId(box.Bytes(ContentKey.Length));
        return algorithm == CounterMode && vectorLength is 8 or 16 ? new TrackEncryption(scheme, keyId, vectorLength)
            : algorithm == 0 ? new TrackEncryption(scheme, keyId, vectorLength, IsProtected: false)
            : null;
    }

    private static PackagingException Unknown(BoxReader box, int length) =>
        box.Fault("ImpossibleValue", $"'{box.Type}' has an initialization vector of {length} bytes; expected 8 or 16");
}
