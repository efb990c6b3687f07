using static AmsMigration.TestSupport.Boxes;

namespace AmsMigration.TestSupport;

/// <summary>Makes small progressive MP4 files: the boxes are real, the media is not.</summary>
public sealed class MovieBuilder
{
    private const int Timescale = 1000;
    private const int SampleDuration = 40;

    private readonly List<Source> _tracks = [];

    /// <param name="seconds">How long; a sample lasts 40 ms.</param>
    /// <param name="sampleSize">Bytes of each sample: makes the bit rate.</param>
    public MovieBuilder Video(double seconds = 10, int sampleSize = 100, byte[]? entry = null) =>
        Track("vide", entry ?? AvcEntry(), "und", seconds, sampleSize);

    public MovieBuilder Audio(double seconds = 10, int sampleSize = 10, string language = "und", int channels = 2, byte[]? entry = null) =>
        Track("soun", entry ?? AacEntry(channels), language, seconds, sampleSize);

    public MovieBuilder Track(string handler, byte[] entry, string language, double seconds, int sampleSize)
    {
        _tracks.Add(new Source(handler, entry, language, (int)(seconds * 25), sampleSize));
        return this;
    }

    public byte[] Build()
    {
        byte[] ftyp = Box("ftyp", "isom"u8.ToArray(), U32(0), "isomavc1"u8.ToArray());
        int header = ftyp.Length + Movie(0).Length + 8;
        byte[] media = new byte[_tracks.Sum(track => track.Samples * track.SampleSize)];
        return Join(ftyp, Movie(header), Box("mdat", media));
    }

    private byte[] Movie(int offset)
    {
        List<byte[]> tracks = [];
        for (int i = 0; i < _tracks.Count; i++)
        {
            tracks.Add(Track(i + 1, offset, _tracks[i]));
            offset += _tracks[i].Samples * _tracks[i].SampleSize;
        }

        byte[] mvhd = FullBox(
            "mvhd", 0, 0, new byte[8], U32(Timescale), U32(0), U32(0x10000), U16(0x100), new byte[10], Matrix, new byte[24], U32(99));
        return Box("moov", [mvhd, .. tracks]);
    }

    private static byte[] Matrix => Join(U32(0x10000), new byte[12], U32(0x10000), new byte[12], U32(0x40000000));

    private static byte[] Track(int id, int offset, Source track)
    {
        int duration = track.Samples * SampleDuration;
        bool isVideo = track.Handler == "vide";
        byte[] tkhd = FullBox(
            "tkhd", 0, 3, new byte[8], U32(id), U32(0), U32(duration), new byte[8], U32(0), U16(isVideo ? 0 : 0x100), U16(0), Matrix,
            U32(isVideo ? 512 << 16 : 0), U32(isVideo ? 288 << 16 : 0));
        int language = track.Language.Aggregate(0, (packed, letter) => (packed << 5) | (letter - 0x60));
        byte[] mdhd = FullBox("mdhd", 0, 0, new byte[8], U32(Timescale), U32(duration), U16(language), U16(0));
        byte[] hdlr = FullBox("hdlr", 0, 0, U32(0), System.Text.Encoding.ASCII.GetBytes(track.Handler), new byte[13]);
        byte[] dinf = Box("dinf", FullBox("dref", 0, 0, U32(1), FullBox("url ", 0, 1)));
        byte[] stbl = Box(
            "stbl",
            FullBox("stsd", 0, 0, U32(1), track.Entry),
            FullBox("stts", 0, 0, U32(1), U32(track.Samples), U32(SampleDuration)),
            FullBox("stsc", 0, 0, U32(1), U32(1), U32(track.Samples), U32(1)),
            FullBox("stsz", 0, 0, U32(track.SampleSize), U32(track.Samples)),
            FullBox("stco", 0, 0, U32(1), U32(offset)));
        byte[] header = isVideo ? FullBox("vmhd", 0, 1, new byte[8]) : FullBox("smhd", 0, 0, new byte[4]);
        return Box("trak", tkhd, Box("mdia", mdhd, hdlr, Box("minf", header, dinf, stbl)));
    }

    private sealed record Source(string Handler, byte[] Entry, string Language, int Samples, int SampleSize);
}
