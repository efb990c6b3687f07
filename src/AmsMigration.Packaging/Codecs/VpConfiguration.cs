namespace AmsMigration.Packaging.Codecs;

/// <summary>vpcC (VP Codec ISO Media File Format Binding 1.0), and its version 0 of 2015.</summary>
internal sealed record VpConfiguration(
    int Profile, int Level, int BitDepth, int Chroma, bool FullRange, int Primaries, int Transfer, int Matrix)
{
    private const int Unspecified = 2;

    public PictureParameters Picture => new(0, 0, Primaries: Primaries, Transfer: Transfer, Matrix: Matrix, FullRange: FullRange);

    public static VpConfiguration Read(SampleEntryBox box)
    {
        box.Require(8);
        if (box[0] != 0)
        {
            box.Require(10);
            return new VpConfiguration(box[4], box[5], box[6] >> 4, (box[6] >> 1) & 7, (box[6] & 1) != 0, box[7], box[8], box[9]);
        }

        int space = box[6] & 15;
        bool isPq = ((box[7] >> 1) & 7) == 1;
        (int primaries, int transfer, int matrix) = space switch
        {
            1 or 3 => (6, 6, 6),
            2 => (1, 1, 1),
            4 => (7, 7, 7),
            5 => (9, isPq ? 16 : 14, 9),
            6 => (9, isPq ? 16 : 14, 10),
            7 => (1, 13, 0),
            _ => (Unspecified, Unspecified, Unspecified),
        };
        return new VpConfiguration(box[4], box[5], box[6] >> 4, box[7] >> 4, (box[7] & 1) != 0, primaries, transfer, matrix);
    }

    public byte[] ToBox()
    {
        byte depth = (byte)((BitDepth << 4) | (Chroma << 1) | (FullRange ? 1 : 0));
        byte[] fields = [1, 0, 0, 0, (byte)Profile, (byte)Level, depth, (byte)Primaries, (byte)Transfer, (byte)Matrix, 0, 0];
        return SampleEntryBox.ToBox("vpcC", fields);
    }

    /// <summary>
    /// Players refuse level 0 and bit depth 0, which encoders write for "unknown": the lowest level that allows the size, and 8, stand in.
    /// </summary>
    public string CodecString(string fourCC, int width, int height)
    {
        int level = Level == 0 ? LevelOfSize((long)width * height) : Level;
        string text = $"{fourCC}.{Profile:00}.{level:00}.{(BitDepth == 0 ? 8 : BitDepth):00}";
        (int, int, int) colour = (Known(Primaries), Known(Transfer), Known(Matrix));
        return Chroma <= 1 && colour == (1, 1, 1) && !FullRange
            ? text
            : $"{text}.{Chroma:00}.{colour.Item1:00}.{colour.Item2:00}.{colour.Item3:00}.{(FullRange ? "01" : "00")}";
    }

    private static int Known(int value) => value == Unspecified ? 1 : value;

    private static int LevelOfSize(long pixels) => pixels switch
    {
        <= 36_864 => 10,
        <= 73_728 => 11,
        <= 122_880 => 20,
        <= 245_760 => 21,
        <= 552_960 => 30,
        <= 983_040 => 31,
        <= 2_228_224 => 40,
        <= 8_912_896 => 50,
        _ => 60,
    };
}
