using System.Security.Cryptography;
using AmsMigration.Packaging.Protection.Ciphers;

namespace AmsMigration.Packaging.Tests.Protection;

public sealed class CipherTests
{
    /// <summary>NIST SP 800-38A, appendix F: the key and the plain text of its AES-128 vectors.</summary>
    private static readonly byte[] Key = Convert.FromHexString("2b7e151628aed2a6abf7158809cf4f3c");

    private static readonly byte[] Plain = Convert.FromHexString(
        "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710");

    /// <summary>F.5.1.</summary>
    [Fact]
    public void Counter_mode_is_the_standard_s()
    {
        byte[] vector = Convert.FromHexString("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
        byte[] expected = Convert.FromHexString(
            "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff5ae4df3edbd5d35e5b4f09020db03eab1e031dda2fbe03d1792170a0f3009cee");
        for (int split = 0; split <= Plain.Length; split++)
        {
            byte[] bytes = [.. Plain];
            using var cipher = new CounterMode(Key);
            cipher.StartSample(vector);
            cipher.Encrypt(bytes, 0, split, isEnd: false);
            cipher.Encrypt(bytes, split, bytes.Length - split, isEnd: true);
            Assert.Equal(expected, bytes);
        }
    }

    /// <summary>ISO/IEC 23001-7 9.6.1: the low 64 bits count and wrap, and never carry into the others.</summary>
    [Fact]
    public void The_counter_wraps_without_a_carry()
    {
        byte[] stream = Counter("0102030405060708ffffffffffffffff", 32);

        Assert.Equal(Counter("0102030405060708ffffffffffffffff", 16), stream[..16]);
        Assert.Equal(Counter("01020304050607080000000000000000", 16), stream[16..]);
    }

    /// <summary>F.2.1, of which a pattern of no skipped blocks is the whole.</summary>
    [Fact]
    public void A_pattern_that_skips_nothing_is_CBC_of_the_standard()
    {
        byte[] bytes = [.. Plain];
        using var cipher = new PatternMode(Key, 0, 0);
        cipher.StartSample(Convert.FromHexString("000102030405060708090a0b0c0d0e0f"));
        cipher.StartRange();
        cipher.Encrypt(bytes, 0, bytes.Length, isEnd: true);

        Assert.Equal(
            Convert.FromHexString("7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b273bed6b8e3c1743b7116e69e222295163ff1caa1681fac09120eca307586e1a7"),
            bytes);
    }

    /// <summary>One block in ten, chained over the skipped ones; each run begins with the vector again; what is left of a block stays.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(175)]
    [InlineData(1000)]
    [InlineData(20_000)]
    [InlineData(400_003)]
    public void A_pattern_of_one_in_ten_is_what_its_definition_says(int length)
    {
        byte[] clear = new byte[length];
        new Random(length).NextBytes(clear);
        byte[] vector = Convert.FromHexString("000102030405060708090a0b0c0d0e0f");
        byte[] bytes = [.. clear, .. clear];
        using var cipher = new PatternMode(Key, 1, 9);
        cipher.StartSample(vector);
        for (int run = 0; run < 2; run++)
        {
            cipher.StartRange();
            for (int at = 0; at < length;)
            {
                int given = Math.Min(7_000, length - at);
                int done = cipher.Encrypt(bytes, (run * length) + at, given, isEnd: at + given == length);
                Assert.True(done > 0 || given == 0);
                at += done;
            }
        }

        byte[] expected = [.. clear];
        using var aes = Aes.Create();
        aes.Key = Key;
        byte[] last = vector;
        for (int block = 0; (block + 1) * 16 <= length; block += 10)
        {
            byte[] mixed = [.. expected.AsSpan(block * 16, 16).ToArray().Zip(last, (a, b) => (byte)(a ^ b))];
            last = aes.EncryptEcb(mixed, PaddingMode.None);
            last.CopyTo(expected, block * 16);
        }

        Assert.Equal([.. expected, .. expected], bytes);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(100_000)]
    public void A_whole_segment_is_CBC_with_padding(int length)
    {
        byte[] clear = new byte[length];
        new Random(length).NextBytes(clear);
        byte[] vector = new byte[16];
        vector[15] = 7;
        byte[] bytes = [.. clear, .. SegmentCipher.PaddingOf(length)];
        using var cipher = new SegmentCipher(Key, vector, bytes.Length);
        Assert.Equal(bytes.Length, cipher.Apply(bytes, 0, bytes.Length));

        using var aes = Aes.Create();
        aes.Key = Key;
        Assert.Equal(clear, aes.DecryptCbc(bytes, vector, PaddingMode.PKCS7));
    }

    private static byte[] Counter(string vector, int count)
    {
        byte[] bytes = new byte[count];
        using var cipher = new CounterMode(Key);
        cipher.StartSample(Convert.FromHexString(vector));
        cipher.Encrypt(bytes, 0, count, isEnd: true);
        return bytes;
    }
}
