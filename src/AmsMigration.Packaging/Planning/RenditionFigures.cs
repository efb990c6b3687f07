using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Planning;

/// <summary>What manifests say of a rendition: bit rates, frame rate, size.</summary>
internal static class RenditionFigures
{
    /// <summary>Frame rates that encoders mean when a coarse timescale makes them say 333,333 ticks of 100 ns.</summary>
    private static readonly (long Numerator, long Denominator)[] _usualFrameRates =
    [
        (24000, 1001), (24, 1), (25, 1), (30000, 1001), (30, 1), (48, 1), (50, 1), (60000, 1001), (60, 1), (100, 1),
        (120000, 1001), (120, 1), (10, 1), (12000, 1001), (12, 1), (25, 2), (15000, 1001), (15, 1), (20, 1),
    ];

    /// <summary>
    /// Peak segment bit rate (RFC 8216bis 4.1): the largest of any neighbours that last between 0.5 and 1.5 times the target duration;
    /// bits a second,
    /// rounded up. Of very short renditions, that of the whole. A target duration of minutes, for the sake of one segment in which media is missing, would
    /// hide every peak.
    /// </summary>
    public static long GetPeakBandwidth(IReadOnlyList<Segment> segments, uint timescale)
    {
        const int MostNeighbours = 16;
        long target = Math.Max(1, (GetLongest(segments) + (timescale / 2)) / timescale) * timescale;
        long peak = 0;
        for (int first = 0; first < segments.Count; first++)
        {
            long bytes = 0;
            long duration = 0;
            for (int i = first; i < segments.Count && i < first + MostNeighbours; i++)
            {
                bytes += segments[i].Length;
                duration += segments[i].Duration;
                if (duration > target + (target / 2))
                {
                    break;
                }

                if (duration >= target / 2)
                {
                    peak = Math.Max(peak, TimeMath.BitRate(bytes, duration, timescale));
                }
            }
        }

        return Math.Max(peak, GetAverageBandwidth(segments, timescale));
    }

    /// <summary>The duration of the longest segment that lasts no more than four times as long as those in the middle, ticks.</summary>
    private static long GetLongest(IReadOnlyList<Segment> segments)
    {
        const int Outlier = 4;
        long[] durations = [.. segments.Select(s => s.Duration).OrderBy(duration => duration)];
        long middle = durations[durations.Length / 2];
        return durations.Last(duration => duration <= middle * Outlier);
    }

    /// <summary>Bits a second, rounded up; of a rendition without duration (one picture), the bits of one second.</summary>
    public static long GetAverageBandwidth(IReadOnlyList<Segment> segments, uint timescale)
    {
        long duration = segments.Sum(s => s.Duration);
        return TimeMath.BitRate(segments.Sum(s => s.Length), duration > 0 ? duration : timescale, timescale);
    }

    /// <summary>
    /// Frames a second of the most common duration, in lowest terms; the usual rate that it rounds to, if there is one. 0/1 where there is
    /// none.
    /// </summary>
    public static (long Numerator, long Denominator) GetFrameRate(SampleTable samples, uint timescale)
    {
        uint duration = GetUsualDuration(samples);
        if (duration == 0)
        {
            return (0, 1);
        }

        (long ticks, long count, long spread) = SumNeighbours(samples, duration);
        decimal scaledTicks = timescale * (decimal)count;
        decimal least = decimal.MaxValue;
        (long Numerator, long Denominator) usual = default;
        foreach ((long numerator, long denominator) in _usualFrameRates)
        {
            const int Precision = 5000;
            const int JitterPrecision = 500;
            decimal expected = scaledTicks * denominator;
            decimal error = Math.Abs(((decimal)ticks * numerator) - expected);
            bool isClose = error * Precision <= expected || (error <= (decimal)spread * numerator && error * JitterPrecision <= expected);
            if (isClose && error / expected < least)
            {
                least = error / expected;
                usual = (numerator, denominator);
            }
        }

        if (usual.Numerator > 0)
        {
            return usual;
        }

        long divisor = TimeMath.GreatestCommonDivisor(timescale, duration);
        return (timescale / divisor, duration / divisor);
    }

    /// <summary>The duration that most samples have, ticks; the shorter of two equally common.</summary>
    public static uint GetUsualDuration(SampleTable samples)
    {
        Dictionary<uint, int> counts = [];
        SampleTable.Runs<uint> runs = samples.Durations;
        for (int i = 0; i < runs.Starts.Length; i++)
        {
            int end = i + 1 < runs.Starts.Length ? runs.Starts[i + 1] : samples.Count;
            counts[runs.Values[i]] = (counts.TryGetValue(runs.Values[i], out int count) ? count : 0) + end - runs.Starts[i];
        }

        return counts.OrderByDescending(c => c.Value).ThenBy(c => c.Key).Select(c => c.Key).FirstOrDefault();
    }

    /// <summary>Pixels of presentation before and after rotation; 0 where not video.</summary>
    public static (int Width, int Height, int DisplayWidth, int DisplayHeight) GetSize(Track track)
    {
        if (track.Kind != TrackKind.Video)
        {
            return default;
        }

        (int width, int height) = GetUnrotatedSize(track);
        return IsQuarterTurn(track.Matrix) ? (width, height, height, width) : (width, height, width, height);
    }

    /// <summary>
    /// tkhd's size is what is presented, unless it repeats the coded size of pixels that are not square, as many writers do.
    /// </summary>
    private static (int Width, int Height) GetUnrotatedSize(Track track)
    {
        Codecs.CodecInfo codec = track.Descriptions[0].Codec;
        bool isSquare = codec.SarWidth <= 0 || codec.SarHeight <= 0 || codec.SarWidth == codec.SarHeight;
        int width = (int)(((long)track.PresentationWidth + 0x8000) >> 16);
        int height = (int)(((long)track.PresentationHeight + 0x8000) >> 16);
        if (width > 0 && height > 0 && (isSquare || width != codec.Width || height != codec.Height))
        {
            return (width, height);
        }

        long stretched = isSquare ? codec.Width : (((long)codec.Width * codec.SarWidth) + (codec.SarHeight / 2)) / codec.SarHeight;
        return ((int)Math.Min(stretched, ushort.MaxValue), codec.Height);
    }

    private static bool IsQuarterTurn(byte[]? matrix)
    {
        return matrix is { Length: 36 } && IsZero(0) && IsZero(16) && !IsZero(4) && !IsZero(12);

        bool IsZero(int offset) => (matrix[offset] | matrix[offset + 1] | matrix[offset + 2] | matrix[offset + 3]) == 0;
    }

    /// <summary>
    /// Sum, number and greatest difference of the durations within a tenth of <paramref name="duration"/>: together they show what was
    /// rounded,
    /// be it to the tick or, before a change of timescale, to the millisecond.
    /// </summary>
    private static (long Ticks, long Count, long Spread) SumNeighbours(SampleTable samples, uint duration)
    {
        long ticks = 0;
        long count = 0;
        long shortest = duration;
        long longest = duration;
        long reach = Math.Max(1, duration / 10);
        SampleTable.Runs<uint> runs = samples.Durations;
        for (int i = 0; i < runs.Starts.Length; i++)
        {
            long value = runs.Values[i];
            if (Math.Abs(value - duration) <= reach)
            {
                int end = i + 1 < runs.Starts.Length ? runs.Starts[i + 1] : samples.Count;
                count += end - runs.Starts[i];
                ticks += (end - runs.Starts[i]) * value;
                shortest = Math.Min(shortest, value);
                longest = Math.Max(longest, value);
            }
        }

        return (ticks, count, longest - shortest);
    }
}
