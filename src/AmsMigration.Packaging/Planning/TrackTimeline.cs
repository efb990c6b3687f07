using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Planning;

/// <summary>
/// How the times of one track become those of the output. A constant is added to decode times and another to composition offsets, so the
/// distances
/// between samples stay what they are to the tick. Video and text get no edit list: composition offsets are lowered (they may become
/// negative) until the
/// first decode time is the earliest presentation time. The priming of audio stays in front, behind an edit list.
/// </summary>
internal sealed class TrackTimeline
{
    /// <summary>
    /// An encoder's delay is less than half a second; a longer skip is an edit that somebody made, and its media is played instead.
    /// </summary>
    private const long MaxPrimingFraction = 2;

    /// <summary>Samples that are presented in another order than they are decoded in lie no further apart.</summary>
    private const int ReorderingReach = 64;

    private const long MaxSeconds = 1L << 36;
    private const long MaxTicks = 1L << 60;

    private readonly long _earliestComposition;
    private readonly long _latestEnd;
    private long _shift;

    public TrackTimeline(Track track, IReadOnlyList<AssetFile> files)
    {
        Track = track;
        if (track.Timescale == 0)
        {
            throw new PackagingException("InvalidTimescale", $"Track {track.SourceTrackId} has a timescale of 0.", track.SourceFile);
        }

        long earliest = long.MaxValue;
        long latest = long.MinValue;
        for (SampleCursor sample = track.Samples.GetCursor(); !sample.IsEnd; sample.MoveNext())
        {
            CheckTime(sample.DecodeTime, Timescale, sample.Index);
            CheckPlace(sample, files);
            earliest = Math.Min(earliest, sample.CompositionTime);
            latest = Math.Max(latest, sample.CompositionTime + sample.Duration);
        }

        CheckTime(track.MediaTime, Timescale, 0);
        CheckTime(track.Delay, Timescale, 0);
        CheckTime(latest, Timescale, track.Samples.Count - 1);
        _earliestComposition = earliest;
        _latestEnd = latest;
        UsualDuration = RenditionFigures.GetUsualDuration(track.Samples);
        long before = track.MediaTime - earliest;
        Priming = track.Kind == TrackKind.Audio && before > 0 && before <= track.Timescale / MaxPrimingFraction ? before : 0;
    }

    public Track Track { get; }

    public uint Timescale => Track.Timescale;

    /// <summary>Ticks of media in front of what is heard; 0 where there is no edit list in the output.</summary>
    public long Priming { get; }

    /// <summary>The duration that most samples have, ticks.</summary>
    public uint UsualDuration { get; }

    /// <summary>Earliest presentation time (of what is heard), ticks on the output's time line.</summary>
    public long Start => SourceStart + _shift;

    /// <summary>Start before any shift.</summary>
    public long SourceStart => Priming > 0 ? Track.Delay : Track.ToPresentationTime(_earliestComposition);

    /// <summary>End of the last sample to be presented, ticks on the output's time line.</summary>
    public long End => Math.Max(Start, PresentationTime(_latestEnd));

    /// <summary>Added to a decode time of the source, ticks.</summary>
    public long DecodeBias => _shift + Track.Delay - Track.MediaTime + Priming - CompositionBias;

    /// <summary>Added to a composition offset of the source, ticks: lets decoding begin at the earliest presentation time.</summary>
    public long CompositionBias => Track.Samples.FirstDecodeTime - _earliestComposition;

    /// <summary>Of a composition time of the source, ticks on the output's time line; priming is before <see cref="Start"/>.</summary>
    public long PresentationTime(long compositionTime) => Track.ToPresentationTime(compositionTime) + _shift;

    /// <summary>Where presentation goes on behind a jump, ticks on the output's time line.</summary>
    /// <param name="sample">The first one behind it, in order of decoding.</param>
    public long StartAt(int sample)
    {
        long earliest = long.MaxValue;
        SampleCursor cursor = Track.Samples.GetCursor(sample);
        for (int i = 0; i < ReorderingReach && !cursor.IsEnd; i++, cursor.MoveNext())
        {
            earliest = Math.Min(earliest, PresentationTime(cursor.CompositionTime));
        }

        return earliest;
    }

    /// <summary>Where presentation ends in front of a jump, ticks on the output's time line.</summary>
    /// <param name="sample">The first one behind it, in order of decoding.</param>
    public long EndBefore(int sample)
    {
        long latest = long.MinValue;
        for (SampleCursor cursor = Track.Samples.GetCursor(Math.Max(0, sample - ReorderingReach)); cursor.Index < sample; cursor.MoveNext())
        {
            latest = Math.Max(latest, PresentationTime(cursor.CompositionTime) + cursor.Duration);
        }

        return latest;
    }

    /// <summary>Of a time on the output's time line, in 100 ns: the clock on which tracks are compared.</summary>
    public long ToClock(long presentationTime) => TimeMath.Rescale(presentationTime, Timescale, TimeMath.TimeSpanTimescale);

    /// <summary>Presentation time of a sample on the clock.</summary>
    public long ToClock(in SampleCursor sample) => ToClock(PresentationTime(sample.CompositionTime));

    /// <summary>See <see cref="PackagingPlan.Shift"/>; to the nearest tick where the track's timescale has no exact one.</summary>
    public void SetShift((long Value, uint Timescale) shift)
    {
        // The seconds alone first: ticks of a fine timescale may not fit.
        CheckTime(TimeMath.Rescale(shift.Value, shift.Timescale, 1), 1, 0);
        _shift = TimeMath.Rescale(shift.Value, shift.Timescale, Timescale);
        CheckTime(Start, Timescale, 0);
        CheckTime(End, Timescale, Track.Samples.Count - 1);
    }

    private void CheckPlace(in SampleCursor sample, IReadOnlyList<AssetFile> files)
    {
        if (sample.File == SampleTable.LiteralFile && sample.Offset >= 0 && sample.Offset + sample.Size <= Track.Samples.Literal?.Length)
        {
            return;
        }

        if (sample.File < 0 || sample.File >= files.Count)
        {
            throw new PackagingException("SampleOutsideFile", $"Sample {sample.Index} lies in file number {sample.File} of {files.Count}.");
        }

        AssetFile file = files[sample.File];
        if (sample.Offset < 0 || sample.Offset > file.Length - sample.Size)
        {
            throw new PackagingException(
                "SampleOutsideFile",
                $"Sample {sample.Index} has {sample.Size} bytes, but the file ends at {file.Length}.",
                file.Path,
                sample.Offset);
        }
    }

    private void CheckTime(long time, uint timescale, int sample)
    {
        if (time is > MaxTicks or < -MaxTicks || Math.Abs(time) / timescale > MaxSeconds)
        {
            throw new PackagingException(
                "TimeOutOfRange",
                $"Track {Track.SourceTrackId}, sample {sample}: the time {time} at {timescale} ticks a second is thousands of years away.",
                Track.SourceFile);
        }
    }
}
