using AmsMigration.Packaging.Codecs;
using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Protection.Bitstreams;

/// <summary>What has to stay in the clear of the NAL units of one codec.</summary>
internal abstract class NalSyntax
{
    /// <summary>Bytes of the NAL unit header.</summary>
    public abstract int HeaderLength { get; }

    /// <summary>It holds picture data, and is encrypted.</summary>
    /// <param name="at">Where the NAL unit header is.</param>
    public abstract bool IsSlice(byte[] data, int at);

    /// <summary>It is a parameter set that slices may refer to.</summary>
    public abstract bool IsParameterSet(byte[] data, int at);

    /// <param name="at">Where the NAL unit header is.</param>
    public abstract void AddParameterSet(byte[] data, int at, int count);

    /// <summary>Bytes from the NAL unit header to the first whole byte of slice data, with what emulation prevention put in between.</summary>
    /// <returns>Null where the slice header goes on behind <paramref name="count"/> bytes.</returns>
    /// <exception cref="PackagingException"><c>SliceHeaderUnreadable</c>.</exception>
    public abstract int? GetClearLength(byte[] data, int at, int count);

    /// <summary>Null where samples of the codec are encrypted as a whole.</summary>
    /// <exception cref="PackagingException"><c>ProtectionNotPossible</c>: the codec has parts that must stay clear, and which they are is not known here.</exception>
    public static NalSyntax? Of(Track track)
    {
        CodecInfo codec = track.Descriptions[0].Codec;
        NalSyntax? syntax = codec.FourCC switch
        {
            "avc1" or "avc3" => new AvcSyntax(),
            "hvc1" or "hev1" or "dvh1" or "dvhe" => new HevcSyntax(),
            _ when track.Kind == TrackKind.Audio => null,
            _ => throw new PackagingException(
                "ProtectionNotPossible", $"track {track.SourceTrackId} is {codec.Name}, which cannot be encrypted here; nothing was written", track.SourceFile),
        };
        foreach (SampleDescription description in track.Descriptions)
        {
            syntax?.AddConfiguration(SampleEntryBox.OfEntry(description.Entry, track.SourceFile, 0));
        }

        return syntax;
    }

    /// <summary>Raw bytes that hold a number of bits of the payload, from where its first byte is.</summary>
    protected static int CountRawBytes(byte[] data, int at, long bits)
    {
        long wanted = (bits + 7) / 8;
        int zeros = 0;
        int raw = 0;
        for (long payload = 0; payload < wanted; raw++)
        {
            bool isPrevention = zeros >= 2 && data[at + raw] == 3;
            zeros = data[at + raw] == 0 && !isPrevention ? zeros + 1 : 0;
            payload += isPrevention ? 0 : 1;
        }

        return raw;
    }

    /// <summary>Bits that number <paramref name="values"/> values: Ceil(Log2(values)).</summary>
    public static int BitsFor(long values)
    {
        int bits = 0;
        while (1L << bits < values)
        {
            bits++;
        }

        return bits;
    }

    protected static PackagingException Unreadable(string reason) =>
        new("SliceHeaderUnreadable", $"a slice header cannot be read, so it cannot be kept in the clear: {reason}");

    /// <summary>Adds the parameter sets of a sample entry's configuration box.</summary>
    protected abstract void AddConfiguration(SampleEntryBox entry);

    protected static SampleEntryBox? FindConfiguration(SampleEntryBox entry, string type) =>
        entry.Children(VideoEntryReader.FixedSize).Where(box => box.Type == type).Cast<SampleEntryBox?>().FirstOrDefault();
}
