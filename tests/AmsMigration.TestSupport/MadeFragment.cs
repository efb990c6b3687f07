namespace AmsMigration.TestSupport;

/// <summary>Where a made traf's data offsets start (ISO/IEC 14496-12 8.8.7).</summary>
public enum MadeBase
{
    /// <summary>default-base-is-moof.</summary>
    Movie,

    /// <summary>base-data-offset, of the moof.</summary>
    Explicit,

    /// <summary>Neither: the moof for the first traf, for the others the end of the data in front.</summary>
    Following,
}

/// <summary>Where made samples' values stand.</summary>
public enum MadeDefaults
{
    InRun,
    InHeader,
}

/// <summary>One traf: its samples and how it tells them.</summary>
public sealed class MadeTraf
{
    public uint TrackId { get; set; } = 1;

    public IList<MadeSample> Samples { get; set; } = [];

    public MadeBase Base { get; set; }

    /// <summary>tfdt; null for none.</summary>
    public long? DecodeTime { get; set; }

    /// <summary>Smooth Streaming's tfxd; null for none.</summary>
    public long? SmoothTime { get; set; }

    /// <summary>Of tfdt and tfxd: 32 or 64 bits.</summary>
    public byte TimeVersion { get; set; } = 1;

    public byte RunVersion { get; set; } = 1;

    /// <summary>Duration, size and flags in every entry of the run, or of the first sample for all.</summary>
    public MadeDefaults Defaults { get; set; }

    /// <summary>The first sample's duration stands in tfhd for all; sizes and flags stay in the run.</summary>
    public bool HasDefaultDuration { get; set; }

    /// <summary>Flags of the first sample in the run, and none in its entries: what Smooth Streaming writes.</summary>
    public bool FlagsFirstOnly { get; set; }

    /// <summary>sdtp's bytes; null for none.</summary>
    public byte[]? Dependencies { get; set; }

    /// <summary>sample_description_index of tfhd; null for trex's.</summary>
    public uint? Description { get; set; }

    /// <summary>Samples a run; the second and later ones have no data offset.</summary>
    public int SamplesPerRun { get; set; } = int.MaxValue;

    /// <summary>Bends the finished 'traf'; called several times, so it must do the same each time.</summary>
    public Action<TestBox>? Bend { get; set; }
}

/// <summary>A moof and its mdat, with boxes in front if there are any.</summary>
public sealed class MadeFragment
{
    private static readonly byte[] SmoothTimeType = Convert.FromHexString("6d1d9b0542d544e680e2141daff757b2");

    public IList<MadeTraf> Trafs { get; set; } = [];

    /// <summary>styp, sidx, prft, emsg and the like.</summary>
    public byte[] Front { get; set; } = [];

    public Action<TestBox>? Bend { get; set; }

    public static MadeFragment Of(params MadeTraf[] trafs) => new() { Trafs = [.. trafs] };

    /// <param name="offset">Where in the file it will stand.</param>
    public byte[] ToArray(long offset)
    {
        int length = MakeMoof(offset, 0).ToArray().Length;
        byte[] moof = MakeMoof(offset + Front.Length, length).ToArray();
        byte[] media = [.. Trafs.SelectMany(traf => traf.Samples).SelectMany(sample => sample.Data)];
        return [.. Front, .. moof, .. new TestBox("mdat").Bytes(media).ToArray()];
    }

    private TestBox MakeMoof(long offset, int length)
    {
        TestBox moof = new TestBox("moof").With(TestBox.Full("mfhd").U32(1));
        long data = length + 8;
        long previousEnd = 0;
        foreach (MadeTraf traf in Trafs)
        {
            long start = traf.Base == MadeBase.Following ? data - previousEnd : data;
            TestBox box = MakeTraf(traf, offset, start);
            traf.Bend?.Invoke(box);
            moof.With(box);
            data += traf.Samples.Sum(sample => sample.Data.Length);
            previousEnd = data;
        }

        Bend?.Invoke(moof);
        return moof;
    }

    private static TestBox MakeTraf(MadeTraf traf, long moofOffset, long dataOffset)
    {
        bool inHeader = traf.Defaults == MadeDefaults.InHeader && traf.Samples.Count > 0;
        bool isWide = traf.TimeVersion == 1;
        uint flags = (traf.Base == MadeBase.Movie ? 0x20000u : traf.Base == MadeBase.Explicit ? 1u : 0)
            | (traf.Description is null ? 0 : 2u) | (inHeader ? 0x38u : traf.HasDefaultDuration ? 8u : 0);
        MadeSample? model = inHeader ? traf.Samples[0] : null;
        TestBox tfhd = TestBox.Full("tfhd", 0, flags).U32(traf.TrackId)
            .OptionalU64(traf.Base == MadeBase.Explicit ? moofOffset : null)
            .OptionalU32(traf.Description)
            .OptionalU32(traf.HasDefaultDuration ? traf.Samples[0].Duration : model?.Duration)
            .OptionalU32(model?.Data.Length)
            .OptionalU32(model is null ? null : FlagsOf(model));
        TestBox box = new TestBox("traf").With(
            tfhd,
            traf.DecodeTime is long time ? TestBox.Full("tfdt", traf.TimeVersion).Wide(isWide, time) : null,
            traf.SmoothTime is long start
                ? new TestBox("uuid").Bytes(SmoothTimeType).U32(traf.TimeVersion << 24).Wide(isWide, start).Wide(isWide, traf.Samples.Sum(s => (long)s.Duration))
                : null);
        bool isFirst = true;
        foreach (MadeSample[] run in traf.Samples.Chunk(traf.SamplesPerRun))
        {
            box.With(MakeRun(traf, run, isFirst ? dataOffset : null, inHeader));
            isFirst = false;
        }

        return box.With(traf.Dependencies is null ? null : TestBox.Full("sdtp").Bytes(traf.Dependencies));
    }

    private static TestBox MakeRun(MadeTraf traf, MadeSample[] samples, long? dataOffset, bool inHeader)
    {
        bool hasOffsets = traf.Samples.Any(sample => sample.CompositionOffset != 0);
        bool hasFlags = !inHeader && !traf.FlagsFirstOnly;
        TestBox trun = TestBox.Full(
            "trun",
            traf.RunVersion,
            (dataOffset is null ? 0u : 1) | (traf.FlagsFirstOnly ? 4u : 0) | (inHeader || traf.HasDefaultDuration ? 0 : 0x100u) | (inHeader ? 0 : 0x200u) | (hasFlags ? 0x400u : 0) | (hasOffsets ? 0x800u : 0));
        trun.U32(samples.Length).OptionalU32(dataOffset).OptionalU32(traf.FlagsFirstOnly ? FlagsOf(samples[0]) : null);
        foreach (MadeSample sample in samples)
        {
            trun.OptionalU32(inHeader || traf.HasDefaultDuration ? null : sample.Duration)
                .OptionalU32(inHeader ? null : sample.Data.Length)
                .OptionalU32(hasFlags ? FlagsOf(sample) : null)
                .OptionalU32(hasOffsets ? sample.CompositionOffset : null);
        }

        return trun;
    }

    private static uint FlagsOf(MadeSample sample) => sample.IsSync ? 0x02000000u : 0x01010000;
}
