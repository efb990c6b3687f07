namespace AmsMigration.Packaging;

/// <summary>
/// Arithmetic on media times: integers in a timescale (ticks a second). Exact, or rounded once and said how; never floating point.
/// </summary>
public static class TimeMath
{
    /// <summary>100 ns ticks a second: the timescale of <see cref="TimeSpan"/> and of Smooth Streaming.</summary>
    public const uint TimeSpanTimescale = 10_000_000;

    /// <summary><paramref name="value"/> ticks of one timescale in another, to the nearest tick; halves go up.</summary>
    /// <exception cref="OverflowException">The result does not fit.</exception>
    public static long Rescale(long value, uint from, uint to)
    {
        if (from == to)
        {
            return value;
        }

        (long whole, ulong part) = Split(value, from);
        ulong product = part * to;
        ulong rounded = product / from;
        ulong rest = product % from;
        return checked((whole * to) + (long)rounded + (rest >= from - rest ? 1 : 0));
    }

    /// <summary>Like <see cref="Rescale"/>, to the tick at or above.</summary>
    /// <exception cref="OverflowException">The result does not fit.</exception>
    public static long RescaleUp(long value, uint from, uint to)
    {
        (long whole, ulong part) = Split(value, from);
        ulong product = part * to;
        return checked((whole * to) + (long)(product / from) + (product % from > 0 ? 1 : 0));
    }

    /// <summary>Sign of <c>a / aTimescale - b / bTimescale</c>, exact.</summary>
    public static int Compare(long a, uint aTimescale, long b, uint bTimescale)
    {
        (long aWhole, ulong aPart) = Split(a, aTimescale);
        (long bWhole, ulong bPart) = Split(b, bTimescale);
        return aWhole != bWhole ? aWhole.CompareTo(bWhole) : (aPart * bTimescale).CompareTo(bPart * aTimescale);
    }

    /// <summary>
    /// Bits a second of <paramref name="bytes"/> in <paramref name="duration"/> ticks, rounded up; 0 where the duration is.
    /// </summary>
    public static long BitRate(long bytes, long duration, uint timescale)
    {
        if (duration <= 0)
        {
            return 0;
        }

        // 63 bits of bytes, 3 for the 8 and 32 of timescale can exceed 96 only for a file of an exabyte.
        decimal rate = decimal.Ceiling((decimal)bytes * 8 * timescale / duration);
        return rate >= long.MaxValue ? long.MaxValue : (long)rate;
    }

    public static long GreatestCommonDivisor(long a, long b)
    {
        while (b != 0)
        {
            (a, b) = (b, a % b);
        }

        return Math.Abs(a);
    }

    private static (long Whole, ulong Part) Split(long value, uint timescale)
    {
        if (timescale == 0)
        {
            throw new ArgumentOutOfRangeException(nameof(timescale), "A timescale cannot be 0.");
        }

        long whole = value / timescale;
        long part = value % timescale;
        return part < 0 ? (whole - 1, (ulong)(part + timescale)) : (whole, (ulong)part);
    }
}
