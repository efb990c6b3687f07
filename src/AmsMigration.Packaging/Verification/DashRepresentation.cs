namespace AmsMigration.Packaging.Verification;

/// <summary>A Representation of an MPD with its segments, from wherever the MPD or the file says where they are.</summary>
/// <param name="Id">For messages.</param>
/// <param name="Timescale">Of <paramref name="PresentationTimeOffset"/>, ticks a second.</param>
/// <param name="PresentationTimeOffset">Media time at the start of the Period (ISO/IEC 23009-1 5.3.9.2).</param>
/// <param name="Init">The initialization segment.</param>
/// <param name="Segments">At least one.</param>
internal sealed record DashRepresentation(string Id, uint Timescale, long PresentationTimeOffset, MediaPart Init, IReadOnlyList<DashSegment> Segments);

/// <param name="Start">Earliest presentation time on the media's time line, ticks of <paramref name="Timescale"/>.</param>
/// <param name="StartsWithSync">What a sidx says of the segment's start; null where nothing does.</param>
internal sealed record DashSegment(MediaPart Part, long Start, long Duration, uint Timescale, bool? StartsWithSync);
