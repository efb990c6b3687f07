using System.Numerics;

namespace AmsMigration.Packaging.Tests.Planning;

public class TimeMathTests
{
    [Fact]
    public void Times_change_their_timescale_as_exact_arithmetic_says()
    {
        var random = new Random(3);
        for (int i = 0; i < 20_000; i++)
        {
            long value = random.NextInt64() >> random.Next(62);
            value = random.Next(2) == 0 ? -value : value;
            uint from = (uint)random.NextInt64(1, 1L << random.Next(1, 33));
            uint to = (uint)random.NextInt64(1, 1L << random.Next(1, 33));
            BigInteger nearest = FloorDivide((2 * (BigInteger)value * to) + from, 2 * (BigInteger)from);
            BigInteger above = -FloorDivide(-(BigInteger)value * to, from);
            CheckFits(nearest, () => TimeMath.Rescale(value, from, to));
            CheckFits(above, () => TimeMath.RescaleUp(value, from, to));
            long other = random.NextInt64() >> random.Next(62);
            Assert.Equal(((BigInteger)value * to).CompareTo((BigInteger)other * from), TimeMath.Compare(value, from, other, to));
        }
    }

    [Fact]
    public void Bit_rates_are_rounded_up()
    {
        Assert.Equal(8, TimeMath.BitRate(1, 1, 1));
        Assert.Equal(3, TimeMath.BitRate(1, 3, 1));
        Assert.Equal(0, TimeMath.BitRate(1, 0, 1));
        Assert.Equal(80_000_000_000_000_000, TimeMath.BitRate(1_000_000_000_000_000, 1_000_000, 10_000_000));
    }

    private static void CheckFits(BigInteger expected, Func<long> compute)
    {
        if (expected >= long.MinValue && expected <= long.MaxValue)
        {
            Assert.Equal(expected, compute());
        }
        else
        {
            Assert.Throws<OverflowException>(() => compute());
        }
    }

    private static BigInteger FloorDivide(BigInteger value, BigInteger divisor)
    {
        BigInteger quotient = BigInteger.DivRem(value, divisor, out BigInteger rest);
        return rest.Sign < 0 ? quotient - 1 : quotient;
    }
}
