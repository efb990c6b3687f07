namespace AmsMigration.Packaging.Verification;

/// <summary>A Representation of an MPD with its segments, from wherever the MPD or the file says where they are.</summary>
/// <param name="Id">The same in every Period.</param>
/// <param name="Timescale">Of the places' presentationTimeOffset, ticks a second.</param>
/// <param name="Places">Where it stands in each Period that has it; at least one.</param>
/// <param name="Init">The initialization segment.</param>
/// <param name="Segments">Of all Periods; at least one.</param>
internal sealed record DashRepresentation(string Id, uint Timescale, IReadOnlyList<DashPlace> Places, MediaPart Init, IReadOnlyList<DashSegment> Segments);

/// <param name="Start">Microseconds from the presentation's start.</param>
internal sealed record DashPeriod(long Start);

/// <param name="PresentationTimeOffset">Media time at the start of the Period (ISO/IEC 23009-1 5.3.9.2).</param>
/// <param name="FirstSegment">Index of the first of the representation's segments in it.</param>
internal sealed record DashPlace(DashPeriod Period, long PresentationTimeOffset, int FirstSegment);

/// <param name="Start">Earliest presentation time on the media's time line, ticks of <paramref name="Timescale"/>.</param>
/// <param name="StartsWithSync">What a sidx says of the segment's start; null where nothing does.</param>
internal sealed record DashSegment(MediaPart Part, long Start, long Duration, uint Timescale, bool? StartsWithSync);

/// <summary>The WebVTT files of a text: one for each Period, whose times count from its start.</summary>
/// <param name="Id">Of the Representation, the same in every Period.</param>
internal sealed record DashText(string Id, IReadOnlyList<(DashPeriod Period, string Uri)> Files);
