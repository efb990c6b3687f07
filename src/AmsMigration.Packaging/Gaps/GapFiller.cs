using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Gaps;

/// <summary>Makes the samples of one track follow each other, apart from the jumps that all tracks make.</summary>
internal sealed class GapFiller
{
    /// <summary>Access units of silence in all: a day of them. More would fill an output with nothing.</summary>
    private const long MaxSilence = 1 << 22;

    private readonly Track _track;
    private readonly IReadOnlyList<Hole> _holes;
    private readonly GapReport _report;
    private readonly SampleTableBuilder _samples;
    private readonly uint _usual;
    private readonly byte[]? _silence;
    private readonly List<int> _jumps = [];
    private long _silent;

    /// <param name="holes">Where all tracks jump.</param>
    public GapFiller(Track track, IReadOnlyList<Hole> holes, GapReport report)
    {
        _track = track;
        _holes = holes;
        _report = report;
        _usual = RenditionFigures.GetUsualDuration(track.Samples);
        _silence = track.Kind == TrackKind.Audio ? SilentAac.Create(track.Descriptions[0].Codec.AacConfiguration) : null;
        _samples = new SampleTableBuilder(track.Samples.Count) { Literal = _silence };
    }

    /// <summary>The track itself where its samples follow each other already.</summary>
    /// <param name="earliest">Where the presentation begins, on the clock of 100 ns; null where the track may begin later without more ado.</param>
    public Track Fill(long? earliest)
    {
        List<Gap> jumps = GapFinder.FindJumps(_track.Samples);
        long lead = CountLead(earliest);
        if (jumps.Count == 0 && lead == 0)
        {
            return _track;
        }

        _samples.SetDecodeTime(_track.Samples.FirstDecodeTime - (lead * _usual));
        AddSilence(lead, 0);
        int next = 0;
        for (SampleCursor sample = _track.Samples.GetCursor(); !sample.IsEnd; sample.MoveNext())
        {
            bool isBeforeJump = next < jumps.Count && jumps[next].Sample == sample.Index + 1;
            uint duration = isBeforeJump ? Bridge(jumps[next], sample.Duration) : sample.Duration;
            _samples.Add(duration, sample.CompositionOffset, sample.Size, sample.IsSync, sample.File, sample.Offset, sample.Description);
            if (isBeforeJump)
            {
                Silence(jumps[next], sample.Description);
                Jump(jumps[next++]);
            }
        }

        return _track with { Samples = _samples.Build(), Discontinuities = _jumps };
    }

    /// <summary>
    /// Access units of silence in front of sound that begins late: players that wait for both would not show the pictures that come before it.
    /// </summary>
    private long CountLead(long? earliest)
    {
        const long LeastSeconds = 1;
        if (earliest is not long begin || _silence is null || _usual == 0)
        {
            return 0;
        }

        SampleCursor first = _track.Samples.GetCursor();
        long late = _track.ToPresentationTime(first.CompositionTime) - TimeMath.Rescale(begin, TimeMath.TimeSpanTimescale, _track.Timescale);
        var gap = new Gap(0, first.DecodeTime - late, first.DecodeTime);
        if (late < LeastSeconds * _track.Timescale || !CanSilence(gap))
        {
            return 0;
        }

        _silent += late / _usual;
        _report.Add("GapFilled", gap, $"{late / _usual} access units of silence take its place");
        return late / _usual;
    }

    /// <summary>Duration of the sample in front of a jump: longer, where nothing else fills it.</summary>
    private uint Bridge(Gap gap, uint duration)
    {
        if (FindHole(gap) is Hole hole)
        {
            // The last picture stays until the others stop as well.
            long rest = _track.Kind == TrackKind.Video ? ToDecodeTime(gap, hole.Start) - gap.Start : 0;
            return duration + (uint)Math.Max(0, Math.Min(rest, uint.MaxValue - duration));
        }

        if (!GapFinder.IsGap(gap, _usual))
        {
            return duration + (uint)gap.Length;
        }

        if (CanSilence(gap))
        {
            return duration;
        }

        if (gap.Length > uint.MaxValue - duration)
        {
            _report.Add("GapKept", gap, "is longer than a sample can last; players jump over it");
            return duration;
        }

        _report.Add(
            "GapFilled",
            gap,
            _track.Kind == TrackKind.Video ? "the last picture is shown that long" : "the last sound is drawn out, since silence of its codec cannot be made");
        return duration + (uint)gap.Length;
    }

    /// <summary>Access units of silence up to where the track goes on, or in front of and behind the hole that all tracks have.</summary>
    private void Silence(Gap gap, int description)
    {
        if (!GapFinder.IsGap(gap, _usual))
        {
            return;
        }

        if (FindHole(gap) is Hole hole)
        {
            if (_silence is not null)
            {
                AddSilence(Math.Max(0, ToDecodeTime(gap, hole.Start) - gap.Start) / _usual, description);
            }

            return;
        }

        if (!CanSilence(gap))
        {
            return;
        }

        long count = (gap.Length + (_usual / 2)) / _usual;
        AddSilence(count - 1, description);
        _samples.Add((uint)(gap.End - _samples.DecodeTime), 0, (uint)_silence!.Length, true, SampleTable.LiteralFile, 0, description);
        _silent += count;
        string note = _track.Descriptions[0].Codec.AacConfiguration!.HasSbr ? ", without the extension of HE-AAC" : "";
        _report.Add("GapFilled", gap, $"{count} access units of silence take its place{note}");
    }

    private void AddSilence(long count, int description)
    {
        for (; count > 0; count--)
        {
            _samples.Add(_usual, 0, (uint)_silence!.Length, true, SampleTable.LiteralFile, 0, description);
        }
    }

    private void Jump(Gap gap)
    {
        _samples.SetDecodeTime(gap.End);
        if (FindHole(gap) is not null)
        {
            _jumps.Add(_samples.Count);
            _report.Add("GapKept", gap, "all tracks lack it, and players jump over it");
        }
    }

    private bool CanSilence(Gap gap) => _silence is not null && _usual > 0 && (gap.Length / _usual) + _silent < MaxSilence;

    private Hole? FindHole(Gap gap) => CommonGaps.FindIn(_holes, CommonGaps.ToHole(_track, gap));

    /// <summary>The decode time of what is presented then, as far as the frame behind the gap tells.</summary>
    private long ToDecodeTime(Gap gap, long clock)
    {
        long presented = TimeMath.Rescale(clock, TimeMath.TimeSpanTimescale, _track.Timescale);
        return presented - _track.ToPresentationTime(0) - _track.Samples.GetCursor(gap.Sample).CompositionOffset;
    }
}
