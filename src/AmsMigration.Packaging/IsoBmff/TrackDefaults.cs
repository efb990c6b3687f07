namespace AmsMigration.Packaging.IsoBmff;

/// <summary>Of 'trex' (ISO/IEC 14496-12 8.8.3).</summary>
/// <param name="Description">1-based, as stored.</param>
internal readonly record struct TrackDefaults(uint Description, uint Duration, uint Size, uint Flags);
