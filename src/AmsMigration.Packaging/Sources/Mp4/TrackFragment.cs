namespace AmsMigration.Packaging.Sources.Mp4;

/// <summary>What told when a fragment starts.</summary>
internal enum FragmentTimeSource
{
    /// <summary>Nothing: it follows the fragment in front of it.</summary>
    Summed,

    /// <summary>'tfdt' (ISO/IEC 14496-12 8.8.12).</summary>
    DecodeTimeBox,

    /// <summary>Smooth Streaming's tfxd (MS-SSTR 2.2.4.4).</summary>
    SmoothTimeBox,

    /// <summary>Whoever read it: a manifest, or the blob's name.</summary>
    Given,
}

/// <summary>When a fragment starts.</summary>
/// <param name="Time">Ticks of the track.</param>
/// <param name="IsPresentation">Of its first sample's presentation (tfxd, manifests) rather than decoding (tfdt).</param>
/// <param name="Overrides">Counts for more than what the fragment says itself.</param>
internal readonly record struct FragmentStart(long Time, bool IsPresentation, bool Overrides = false, FragmentTimeSource Source = FragmentTimeSource.Given);

/// <summary>A fragment of one track as it was added.</summary>
/// <param name="FirstSample">Index in the track's samples.</param>
/// <param name="SampleCount">0 where all of its samples lie behind the end of the file, or are those of the fragment in front of it.</param>
/// <param name="DecodeTime">Of the first sample, ticks.</param>
/// <param name="CompositionOffset">Of the first sample, ticks.</param>
/// <param name="MovieOffset">Where its 'moof' starts in the file, bytes.</param>
internal readonly record struct TrackFragment(
    uint TrackId, int FirstSample, int SampleCount, long DecodeTime, int CompositionOffset, FragmentTimeSource TimeSource, long MovieOffset = 0);

/// <summary>A sample as 'trun' tells it (ISO/IEC 14496-12 8.8.8).</summary>
/// <param name="Flags">8.8.3.1.</param>
/// <param name="Offset">Bytes from the start of the file; outside of it where the file lies.</param>
internal readonly record struct FragmentSample(uint Duration, int CompositionOffset, uint Size, uint Flags, long Offset)
{
    private const uint NonSync = 0x10000;

    /// <summary>Neither flagged as a non-sync sample nor as one that depends on others.</summary>
    public bool IsSync => (Flags & NonSync) == 0 && DependsOn != 1;

    public bool DependsOnNone => DependsOn == 2;

    private uint DependsOn => (Flags >> 24) & 3;

    public bool LiesIn(MediaFile file) => Offset >= 0 && Offset <= file.Length - Size;
}
