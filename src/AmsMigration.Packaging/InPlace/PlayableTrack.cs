using AmsMigration.Packaging.IsoBmff;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.InPlace;

/// <summary>A track whose fragments players can play where they lie.</summary>
/// <param name="Track">With the times of the fragments themselves.</param>
/// <param name="TrackId">track_ID of the fragments.</param>
/// <param name="Defaults">What the fragments leave to trex.</param>
/// <param name="Blobs">In order of time.</param>
internal sealed record PlayableTrack(Track Track, uint TrackId, TrackDefaults Defaults, IReadOnlyList<PlayableBlob> Blobs)
{
    /// <summary>Earliest presentation time, ticks of the event's clock.</summary>
    public long Start => Blobs[0].Start;
}

/// <summary>A blob of one or more fragments.</summary>
/// <param name="Path">Relative to the asset.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Fragments">At least one; places in the blob, times of the event's clock.</param>
internal sealed record PlayableBlob(string Path, long Length, IReadOnlyList<Fragment> Fragments)
{
    public long Start => Fragments.Min(fragment => fragment.Start);
}
