namespace AmsMigration.Packaging.Presentations;

/// <summary>Something that happens at a time of a presentation and that players or whoever inserts advertisements are told of.</summary>
/// <param name="Scheme">What the message is, e.g. <c>urn:scte:scte35:2013:bin</c>.</param>
/// <param name="Stream">Name of the sparse track that it came from.</param>
/// <param name="Time">Of presentation, ticks of <paramref name="Timescale"/>; may lie in front of the media.</param>
/// <param name="Duration">Ticks; 0 where unknown.</param>
/// <param name="Id">The message's own number; null where it has none.</param>
/// <param name="Message">E.g. a splice_info_section (SCTE 35 9.6).</param>
public sealed record TimedEvent(string Scheme, string Stream, long Time, long Duration, uint Timescale, uint? Id, byte[] Message);
