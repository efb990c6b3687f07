namespace AmsMigration.Packaging.Codecs;

/// <summary>The Dolby Vision configuration record (dvcC, dvvC, dvwC) in an entry.</summary>
/// <param name="Compatibility">dv_bl_signal_compatibility_id: what the base layer is for a player without Dolby Vision.</param>
internal sealed record DolbyVision(int Profile, int Level, int Compatibility)
{
    public bool IsCompatible => Brand is not null;

    private string? Brand => Compatibility switch
    {
        1 => "db1p",
        2 => "db2g",
        4 => "db4h",
        _ => null,
    };

    public static DolbyVision? Find(List<SampleEntryBox> boxes)
    {
        foreach (SampleEntryBox box in boxes)
        {
            if (box.Type is not ("dvcC" or "dvvC" or "dvwC"))
            {
                continue;
            }

            box.Require(5);
            BitReader bits = box.Bits(2);
            int profile = (int)bits.Read(7);
            int level = (int)bits.Read(6);
            bits.Skip(3);
            return new DolbyVision(profile, level, (int)bits.Read(4));
        }

        return null;
    }

    public string CodecString(string fourCC) => $"{fourCC}.{Profile:00}.{Level:00}";

    /// <summary>SUPPLEMENTAL-CODECS of an entry that other players read too (Apple's HLS authoring specification).</summary>
    public string? Supplement(string fourCC) => Brand is string brand && Profile is 8 or 9 or 10 ? $"{CodecString(fourCC)}/{brand}" : null;
}
