using AmsMigration.Packaging.Codecs;
using AmsMigration.Packaging.IsoBmff;
using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Sources.Mp4;

/// <summary>Reads everything of a 'trak' but its sample tables.</summary>
internal static class TrackBoxReader
{
    /// <summary>What <see cref="SampleTableBuilder.Add"/> can number.</summary>
    public const int MaxDescriptions = 126;

    private const string RoleScheme = "urn:mpeg:dash:role:2011";

    private static readonly byte[] Identity =
    [
        0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0,
    ];

    /// <param name="isQuickTime">Language numbers are QuickTime's.</param>
    /// <param name="isFragmented">Sample entries that no table uses may be used by fragments.</param>
    public static TrackBox Read(BoxReader trak, string file, bool isQuickTime, bool isFragmented)
    {
        BoxReader mdia = trak.Find("mdia");
        BoxReader minf = mdia.Find("minf");
        BoxReader stbl = minf.Find("stbl");
        (uint trackId, bool enabled, byte[]? matrix, uint width, uint height) = ReadHeader(trak.Find("tkhd"));
        (uint timescale, string? language) = ReadMediaHeader(mdia.Find("mdhd"), isQuickTime);
        (string handler, string? handlerName) = ReadHandler(mdia.Find("hdlr"));
        if (mdia.TryFind("elng", out BoxReader elng) && elng.Remaining > 4)
        {
            elng.FullBox();
            language = LanguageTag.ToBcp47(elng.Text()) ?? language;
        }

        (string? name, List<string> roles) = trak.TryFind("udta", out BoxReader udta) ? ReadUserData(udta) : (null, []);
        (List<BoxReader> entries, int[] map) = ReadEntries(stbl, isFragmented);
        List<SampleDescription> descriptions =
            [.. entries.Select(entry => SampleDescriptionReader.Read(entry.ToArray(), handler, file, entry.FileStart))];
        return new TrackBox
        {
            TrackId = trackId,
            Kind = descriptions.Select(description => description.Codec.Kind).FirstOrDefault(kind => kind is not null) ?? KindOf(handler),
            IsEnabled = enabled,
            Matrix = matrix,
            Width = width,
            Height = height,
            Timescale = timescale,
            Language = language,
            Handler = handler,
            Label = name ?? handlerName,
            Roles = roles,
            IsExternal = minf.TryFind("dinf", out BoxReader dinf) && IsExternal(dinf, entries),
            Chapters = trak.TryFind("tref", out BoxReader tref) ? ReadReferences(tref, "chap") : [],
            Descriptions = descriptions,
            DescriptionMap = map,
            Edits = trak.TryFind("edts", out BoxReader edts) && edts.TryFind("elst", out BoxReader elst) ? ReadEdits(elst) : [],
            RollDistance = SampleGroups.ReadRollDistance(stbl),
        };
    }

    /// <summary>track_ID and the codec's name as far as they can be read, for saying which track it is that cannot: 0 and <c>damaged</c> where not.</summary>
    public static (uint Id, string Name) Identify(BoxReader trak)
    {
        uint id = 0;
        try
        {
            id = ReadHeader(trak.Find("tkhd")).Id;
            BoxReader stsd = trak.Find("mdia").Find("minf").Find("stbl").Find("stsd");
            stsd.Skip(8);
            return (id, stsd.NextChild(out BoxReader entry) ? CodecNames.Find(entry.Type) : "no codec");
        }
        catch (PackagingException)
        {
            return (id, "damaged");
        }
    }

    private static TrackKind KindOf(string handler) => handler switch
    {
        "vide" or "auxv" => TrackKind.Video,
        "soun" => TrackKind.Audio,
        _ => TrackKind.Text,
    };

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

    private static (uint Timescale, string? Language) ReadMediaHeader(BoxReader mdhd, bool isQuickTime)
    {
        (byte version, _) = mdhd.FullBox();
        mdhd.Skip(version == 1 ? 16 : 8);
        uint timescale = mdhd.U32();
        mdhd.Skip(version == 1 ? 8 : 4);
        return (timescale, mdhd.Remaining >= 2 ? LanguageTag.FromPacked(mdhd.U16(), isQuickTime) : null);
    }

    private static (string Handler, string? Name) ReadHandler(BoxReader hdlr)
    {
        hdlr.FullBox();
        hdlr.Skip(4);
        string handler = hdlr.FourCC();
        if (hdlr.Remaining <= 12)
        {
            return (handler, null);
        }

        hdlr.Skip(12);
        return (handler, HandlerName.Parse(hdlr.Bytes(hdlr.Remaining)));
    }

    private static (string? Name, List<string> Roles) ReadUserData(BoxReader udta)
    {
        string? name = null;
        List<string> roles = [];
        while (udta.NextChild(out BoxReader box))
        {
            switch (box.Type)
            {
                case "name":
                    name = HandlerName.Meaningful(box.Text());
                    break;
                case "kind" when box.Remaining > 4:
                    box.FullBox();
                    if (box.Text() == RoleScheme && box.Text() is { Length: > 0 } role && !roles.Contains(role))
                    {
                        roles.Add(role);
                    }

                    break;
            }
        }

        return (name, roles);
    }

    /// <summary>The sample entries in use, and where each of those in 'stsd' went.</summary>
    private static (List<BoxReader> Entries, int[] Map) ReadEntries(BoxReader stbl, bool isFragmented)
    {
        BoxReader stsd = stbl.Find("stsd");
        stsd.FullBox();
        stsd.Skip(4);
        List<BoxReader> all = [];
        while (all.Count < MaxDescriptions && stsd.NextChild(out BoxReader entry))
        {
            all.Add(entry);
        }

        bool[] isUsed = isFragmented ? [.. all.Select(_ => true)] : FindUsed(stbl, all.Count);
        List<BoxReader> entries = [];
        var map = new int[all.Count];
        for (int i = 0; i < map.Length; i++)
        {
            map[i] = isUsed[i] ? entries.Count : -1;
            if (isUsed[i])
            {
                entries.Add(all[i]);
            }
        }

        return (entries, map);
    }

    private static bool[] FindUsed(BoxReader stbl, int count)
    {
        var isUsed = new bool[count];
        bool any = false;
        if (count > 1 && stbl.TryFind("stsc", out BoxReader stsc))
        {
            stsc.FullBox();
            for (int left = stsc.Count(12); left > 0; left--)
            {
                stsc.Skip(8);
                uint description = stsc.U32();
                any = true;

                // The reader of the chunks takes the first entry for a number that is none.
                isUsed[description >= 1 && description <= count ? description - 1 : 0] = true;
            }
        }

        return any ? isUsed : [.. isUsed.Select(_ => true)];
    }

    /// <summary>An entry of 'dref' with flag 1, or without a name, is this very file (ISO/IEC 14496-12 8.7.2).</summary>
    private static bool IsExternal(BoxReader dinf, List<BoxReader> sampleEntries)
    {
        if (!dinf.TryFind("dref", out BoxReader dref))
        {
            return false;
        }

        List<bool> isExternal = [];
        dref.FullBox();
        dref.Skip(4);
        while (dref.NextChild(out BoxReader entry))
        {
            isExternal.Add(entry.Remaining > 4 && (entry.FullBox().Flags & 1) == 0 && entry.Bytes(entry.Remaining).Any(b => b != 0));
        }

        foreach (BoxReader entry in sampleEntries)
        {
            BoxReader content = entry;
            content.Skip(6);
            int reference = content.U16();
            if (reference >= 1 && reference <= isExternal.Count && isExternal[reference - 1])
            {
                return true;
            }
        }

        return false;
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

    private static List<EditListEntry> ReadEdits(BoxReader elst)
    {
        (byte version, _) = elst.FullBox();
        int count = elst.Count(version == 1 ? 20 : 12);
        List<EditListEntry> edits = new(count);
        for (int i = 0; i < count; i++)
        {
            long duration = version == 1 ? elst.L64() : elst.U32();
            long mediaTime = version == 1 ? elst.I64() : elst.I32();
            uint rate = elst.U32();
            edits.Add(new EditListEntry(duration, mediaTime, rate == 0x10000));
        }

        return edits;
    }
}
