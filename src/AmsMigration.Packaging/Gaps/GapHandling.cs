namespace AmsMigration.Packaging.Gaps;

/// <summary>What becomes of time for which a track has no media.</summary>
public enum GapHandling
{
    /// <summary>The last picture stays, and AAC is silent, until media goes on.</summary>
    Fill,

    /// <summary>Where no track has media, players jump to where it goes on; what only some tracks lack is filled.</summary>
    Discontinuity,
}
