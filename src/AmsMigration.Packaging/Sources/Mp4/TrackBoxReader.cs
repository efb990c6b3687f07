using AmsMigration.Packaging.Codecs;
using AmsMigration.Packaging.IsoBmff;

namespace AmsMigration.Packaging.Sources.Mp4;

/// <summary>Reads everything of a 'trak' but its sample tables.</summary>
internal static class TrackBoxReader
{
    private const int MaxDescriptions = 126;

    private static readonly byte[] Identity =
    [
        0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0,
    ];

    /// <summary>Names that muxers write for want of a better one: they tell people nothing.</summary>
    private static readonly string[] MeaninglessNames =
    [
        "handler", "media", "mainconcept", "gpac", "bento4", "produced", "core", "l-smash", "ismv", "mp4", "avc", "aac", "twitter", "track", "stereo",
        "mono", "video", "audio", "sound",
    ];

    public static TrackBox Read(BoxReader trak, string file)
    {
        BoxReader mdia = trak.Find("mdia");
        BoxReader minf = mdia.Find("minf");
        BoxReader stbl = minf.Find("stbl");
        (uint trackId, bool enabled, byte[]? matrix, uint width, uint height) = ReadHeader(trak.Find("tkhd"));
        (uint timescale, string? language) = ReadMediaHeader(mdia.Find("mdhd"));
        (string handler, string? label) = ReadHandler(mdia.Find("hdlr"));
        if (mdia.TryFind("elng", out BoxReader elng))
        {
            elng.FullBox();
            language = LanguageTag.ToBcp47(elng.Text()) ?? language;
        }

        return new TrackBox
        {
            TrackId = trackId,
            IsEnabled = enabled,
            Matrix = matrix,
            Width = width,
            Height = height,
            Timescale = timescale,
            Language = language,
            Handler = handler,
            Label = label,
            IsExternal = minf.TryFind("dinf", out BoxReader dinf) && IsExternal(dinf),
            Chapters = trak.TryFind("tref", out BoxReader tref) ? ReadReferences(tref, "chap") : [],
            Descriptions = ReadDescriptions(stbl.Find("stsd"), handler, file),
            Edits = trak.TryFind("edts", out BoxReader edts) && edts.TryFind("elst", out BoxReader elst) ? ReadEdits(elst) : [],
            RollDistance = ReadRollDistance(stbl),
        };
    }

    private static (uint Id, bool Enabled, byte[]? Matrix, uint Width, uint Height) ReadHeader(BoxReader tkhd)
    {
        (byte version, uint flags) = tkhd.FullBox();
        tkhd.Skip(version == 1 ? 16 : 8);
        uint id = tkhd.U32();
        tkhd.Skip(version == 1 ? 12 : 8);
        tkhd.Skip(8 + 2 + 2 + 2 + 2);
        byte[] matrix = tkhd.Bytes(36);
        uint width = tkhd.U32();
        uint height = tkhd.U32();
        return (id, (flags & 1) != 0, matrix.SequenceEqual(Identity) || matrix.All(b => b == 0) ? null : matrix, width, height);
    }

    private static (uint Timescale, string? Language) ReadMediaHeader(BoxReader mdhd)
    {
        (byte version, _) = mdhd.FullBox();
        mdhd.Skip(version == 1 ? 16 : 8);
        uint timescale = mdhd.U32();
        mdhd.Skip(version == 1 ? 8 : 4);
        int packed = mdhd.U16();
        return (timescale, LanguageTag.FromPacked(packed));
    }

    private static (string Handler, string? Label) ReadHandler(BoxReader hdlr)
    {
        hdlr.FullBox();
        hdlr.Skip(4);
        string handler = hdlr.FourCC();
        if (hdlr.Remaining <= 12)
        {
            return (handler, null);
        }

        hdlr.Skip(12);
        string name = hdlr.Text().Trim();

        // QuickTime writes a Pascal string: a length, then the text.
        if (name.Length > 1 && name[0] == name.Length - 1)
        {
            name = name.Substring(1);
        }

        bool saysNothing = name.Length == 0 || name.Any(char.IsControl)
            || MeaninglessNames.Any(word => name.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0);
        return (handler, saysNothing ? null : name);
    }

    /// <summary>An 'url ' or 'alis' entry with flag 1 is this very file (ISO/IEC 14496-12 8.7.2).</summary>
    private static bool IsExternal(BoxReader dinf)
    {
        if (!dinf.TryFind("dref", out BoxReader dref))
        {
            return false;
        }

        dref.FullBox();
        dref.Skip(4);
        bool any = false;
        while (dref.NextChild(out BoxReader entry))
        {
            (_, uint flags) = entry.FullBox();
            if ((flags & 1) != 0 || entry.Remaining == 0)
            {
                return false;
            }

            any = true;
        }

        return any;
    }

    private static List<uint> ReadReferences(BoxReader tref, string type)
    {
        List<uint> ids = [];
        while (tref.NextChild(out BoxReader reference))
        {
            while (reference.Type == type && reference.Remaining >= 4)
            {
                ids.Add(reference.U32());
            }
        }

        return ids;
    }

    private static List<SampleDescription> ReadDescriptions(BoxReader stsd, string handler, string file)
    {
        stsd.FullBox();
        stsd.Skip(4);
        List<SampleDescription> descriptions = [];
        while (descriptions.Count < MaxDescriptions && stsd.NextChild(out BoxReader entry))
        {
            descriptions.Add(SampleDescriptionReader.Read(entry.ToArray(), handler, file, entry.FileStart));
        }

        return descriptions;
    }

    private static List<EditListEntry> ReadEdits(BoxReader elst)
    {
        (byte version, _) = elst.FullBox();
        int count = elst.Count(version == 1 ? 20 : 12);
        List<EditListEntry> edits = new(count);
        for (int i = 0; i < count; i++)
        {
            long duration = version == 1 ? elst.L64() : elst.U32();
            long mediaTime = version == 1 ? elst.I64() : elst.I32();
            int rate = elst.U16();
            elst.Skip(2);
            edits.Add(new EditListEntry(duration, mediaTime, rate == 1));
        }

        return edits;
    }

    private static int ReadRollDistance(BoxReader stbl)
    {
        while (stbl.NextChild(out BoxReader box))
        {
            if (box.Type != "sgpd")
            {
                continue;
            }

            (byte version, _) = box.FullBox();
            if (box.FourCC() != "roll")
            {
                continue;
            }

            uint length = version >= 1 ? box.U32() : 2;
            if (version >= 2)
            {
                box.Skip(4);
            }

            uint entries = box.U32();
            if (entries == 0 || (version >= 1 && length != 2))
            {
                return 0;
            }

            int distance = unchecked((short)box.U16());
            return distance < 0 ? -distance : 0;
        }

        return 0;
    }
}
