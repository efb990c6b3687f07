using AmsMigration.Packaging.Codecs;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Protection;

namespace AmsMigration.Packaging.IsoBmff;

/// <summary>
/// The CMAF header of a track: ftyp and moov (ISO/IEC 23000-19 7.3.2.1). One track, no samples; all times in the track's timescale.
/// </summary>
internal sealed class CmafHeader
{
    /// <summary>Of what is written here.</summary>
    public const uint OnlyTrackId = 1;

    private const string RoleScheme = "urn:mpeg:dash:role:2011";

    private static readonly uint[] _identity = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000];

    public required Track Track { get; init; }

    /// <summary>track_ID; that of the fragments.</summary>
    public uint TrackId { get; init; } = OnlyTrackId;

    /// <summary>What fragments leave to trex.</summary>
    public TrackDefaults Defaults { get; init; } = new(1, 0, 0, 0);

    /// <summary>Ticks of media in front of what is heard (AAC priming): the media_time of the edit list; 0 for no edit list.</summary>
    public required long Priming { get; init; }

    /// <summary>End of presentation, ticks.</summary>
    public required long End { get; init; }

    /// <summary>
    /// Every fragment's first decode time is its earliest presentation time, which with the absence of an edit list makes a 'cmf2' track.
    /// </summary>
    public required bool IsCmf2 { get; init; }

    /// <summary>Pixels of presentation before rotation; 0 where not video.</summary>
    public required int Width { get; init; }

    public required int Height { get; init; }

    /// <summary>Null where the samples are not encrypted.</summary>
    public TrackProtection? Protection { get; init; }

    public byte[] ToBytes()
    {
        var writer = new BoxWriter();
        WriteFtyp(writer);
        WriteMoov(writer);
        return writer.ToArray();
    }

    /// <summary>'moov' alone.</summary>
    public byte[] ToMovie()
    {
        var writer = new BoxWriter();
        WriteMoov(writer);
        return writer.ToArray();
    }

    private void WriteMoov(BoxWriter writer)
    {
        int moov = writer.Begin("moov");
        WriteMvhd(writer);
        WriteTrak(writer);
        WriteMvex(writer);
        foreach (byte[] pssh in Protection?.SystemHeaders ?? [])
        {
            writer.Bytes(pssh);
        }

        writer.End(moov);
    }

    private void WriteFtyp(BoxWriter writer)
    {
        int ftyp = writer.Begin("ftyp");
        writer.FourCC("iso6");
        writer.UInt32(0);
        writer.FourCC("iso6");
        writer.FourCC("iso9");
        writer.FourCC("cmfc");
        if (IsCmf2)
        {
            writer.FourCC("cmf2");
        }

        writer.FourCC("dash");
        writer.FourCC("mp41");
        writer.End(ftyp);
    }

    private void WriteMvhd(BoxWriter writer)
    {
        int mvhd = writer.Begin("mvhd", 0, 0);
        writer.Zeros(8);
        writer.UInt32(Track.Timescale);
        writer.UInt32(0);
        writer.UInt32(0x10000);
        writer.UInt16(0x100);
        writer.Zeros(10);
        WriteMatrix(writer, null);
        writer.Zeros(24);
        writer.UInt32(TrackId < uint.MaxValue ? TrackId + 1 : TrackId);
        writer.End(mvhd);
    }

    private void WriteTrak(BoxWriter writer)
    {
        int trak = writer.Begin("trak");
        WriteTkhd(writer);
        if (Priming > 0)
        {
            WriteEditList(writer);
        }

        int mdia = writer.Begin("mdia");
        WriteMdhd(writer);
        WriteHdlr(writer);
        WriteMinf(writer);
        writer.End(mdia);
        WriteKinds(writer);
        writer.End(trak);
    }

    private void WriteTkhd(BoxWriter writer)
    {
        const uint EnabledInMovieAndPreview = 7;
        int tkhd = writer.Begin("tkhd", 0, EnabledInMovieAndPreview);
        writer.Zeros(8);
        writer.UInt32(TrackId);
        writer.Zeros(4 + 4 + 8 + 2 + 2);
        writer.UInt16((ushort)(Track.Kind == TrackKind.Audio ? 0x100 : 0));
        writer.Zeros(2);
        WriteMatrix(writer, Track.Matrix);
        bool isSizeGiven = Track is { PresentationWidth: > 0, PresentationHeight: > 0 };
        writer.UInt32(isSizeGiven ? Track.PresentationWidth : (uint)Math.Min(Width, ushort.MaxValue) << 16);
        writer.UInt32(isSizeGiven ? Track.PresentationHeight : (uint)Math.Min(Height, ushort.MaxValue) << 16);
        writer.End(tkhd);
    }

    private static void WriteMatrix(BoxWriter writer, byte[]? matrix)
    {
        if (matrix is { Length: 36 })
        {
            writer.Bytes(matrix);
            return;
        }

        foreach (uint value in _identity)
        {
            writer.UInt32(value);
        }
    }

    /// <summary>
    /// One edit that skips the priming and lasts to the end, which a fragmented file says with duration 0 (ISO/IEC 14496-12 8.6.6.1).
    /// </summary>
    private void WriteEditList(BoxWriter writer)
    {
        bool isLong = Priming > int.MaxValue;
        int edts = writer.Begin("edts");
        int elst = writer.Begin("elst", (byte)(isLong ? 1 : 0), 0);
        writer.UInt32(1);
        writer.Zeros(isLong ? 8 : 4);
        if (isLong)
        {
            writer.UInt64((ulong)Priming);
        }
        else
        {
            writer.UInt32((uint)Priming);
        }

        writer.UInt32(0x10000);
        writer.End(elst);
        writer.End(edts);
    }

    private void WriteMdhd(BoxWriter writer)
    {
        int mdhd = writer.Begin("mdhd", 0, 0);
        writer.Zeros(8);
        writer.UInt32(Track.Timescale);
        writer.UInt32(0);
        writer.UInt16(IsoLanguage.Pack(Track.Language));
        writer.UInt16(0);
        writer.End(mdhd);
        if (IsoLanguage.NeedsExtendedTag(Track.Language))
        {
            int elng = writer.Begin("elng", 0, 0);
            writer.NullTerminated(Track.Language!);
            writer.End(elng);
        }
    }

    private void WriteHdlr(BoxWriter writer)
    {
        (string type, string name) = Track.Kind switch
        {
            TrackKind.Video => ("vide", "VideoHandler"),
            TrackKind.Audio => ("soun", "SoundHandler"),
            _ when IsXmlSubtitle => ("subt", "SubtitleHandler"),
            _ => ("text", "TextHandler"),
        };
        int hdlr = writer.Begin("hdlr", 0, 0);
        writer.Zeros(4);
        writer.FourCC(type);
        writer.Zeros(12);
        writer.NullTerminated(name);
        writer.End(hdlr);
    }

    private bool IsXmlSubtitle => Track.Descriptions[0].Codec.FourCC == "stpp";

    private void WriteMinf(BoxWriter writer)
    {
        int minf = writer.Begin("minf");
        WriteMediaHeader(writer);
        int dinf = writer.Begin("dinf");
        int dref = writer.Begin("dref", 0, 0);
        writer.UInt32(1);
        const uint SelfContained = 1;
        writer.End(writer.Begin("url ", 0, SelfContained));
        writer.End(dref);
        writer.End(dinf);
        WriteStbl(writer);
        writer.End(minf);
    }

    private void WriteMediaHeader(BoxWriter writer)
    {
        (string type, uint flags, int reserved) = Track.Kind switch
        {
            TrackKind.Video => ("vmhd", 1u, 8),
            TrackKind.Audio => ("smhd", 0u, 4),
            _ => (IsXmlSubtitle ? "sthd" : "nmhd", 0u, 0),
        };
        int header = writer.Begin(type, 0, flags);
        writer.Zeros(reserved);
        writer.End(header);
    }

    private void WriteStbl(BoxWriter writer)
    {
        int stbl = writer.Begin("stbl");
        int stsd = writer.Begin("stsd", 0, 0);
        writer.UInt32((uint)Track.Descriptions.Count);
        foreach (SampleDescription description in Track.Descriptions)
        {
            writer.Bytes(Protection is null ? description.Entry : ProtectionBoxes.WrapEntry(description.Entry, Protection, Track.Kind == TrackKind.Video));
        }

        writer.End(stsd);
        WriteEmptyTable("stts", 4);
        WriteEmptyTable("stsc", 4);
        WriteEmptyTable("stsz", 8);
        WriteEmptyTable("stco", 4);
        if (Track.RollDistance > 0)
        {
            WriteRollDescription(writer);
        }

        writer.End(stbl);

        void WriteEmptyTable(string type, int zeros)
        {
            int table = writer.Begin(type, 0, 0);
            writer.Zeros(zeros);
            writer.End(table);
        }
    }

    private void WriteRollDescription(BoxWriter writer)
    {
        int sgpd = writer.Begin("sgpd", 1, 0);
        writer.FourCC("roll");
        writer.UInt32(2);
        writer.UInt32(1);
        writer.UInt16((ushort)(short)-Math.Min(Track.RollDistance, short.MaxValue));
        writer.End(sgpd);
    }

    /// <summary>Roles (ISO/IEC 14496-12 8.10.4, ISO/IEC 23000-19 7.5.3).</summary>
    private void WriteKinds(BoxWriter writer)
    {
        if (Track.Roles.Count == 0)
        {
            return;
        }

        int udta = writer.Begin("udta");
        foreach (string role in Track.Roles)
        {
            int kind = writer.Begin("kind", 0, 0);
            writer.NullTerminated(RoleScheme);
            writer.NullTerminated(role);
            writer.End(kind);
        }

        writer.End(udta);
    }

    private void WriteMvex(BoxWriter writer)
    {
        bool isLong = End > uint.MaxValue;
        int mvex = writer.Begin("mvex");
        int mehd = writer.Begin("mehd", (byte)(isLong ? 1 : 0), 0);
        if (isLong)
        {
            writer.UInt64((ulong)End);
        }
        else
        {
            writer.UInt32((uint)End);
        }

        writer.End(mehd);
        int trex = writer.Begin("trex", 0, 0);
        writer.UInt32(TrackId);
        writer.UInt32(Defaults.Description);
        writer.UInt32(Defaults.Duration);
        writer.UInt32(Defaults.Size);
        writer.UInt32(Defaults.Flags);
        writer.End(trex);
        writer.End(mvex);
    }
}
