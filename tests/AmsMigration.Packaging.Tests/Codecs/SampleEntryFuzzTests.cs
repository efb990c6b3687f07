using AmsMigration.Packaging.Codecs;
using static AmsMigration.TestSupport.Boxes;

namespace AmsMigration.Packaging.Tests.Codecs;

public class SampleEntryFuzzTests
{
    private const string HevcConfiguration =
        "0102200000009000000000003cf000fcfdfafa00000f01210001002c"
        + "42010102200000030090000003000003003ca00a080b9f6d96566924caf016a122012080000003008000000c84";

    private static readonly (string Handler, byte[] Entry)[] Seeds =
    [
        ("vide", AvcEntry()),
        ("vide", Visual("hvc1", 320, 180, Box("hvcC", Hex(HevcConfiguration)))),
        ("vide", Visual("av01", 320, 180, Box("av1C", Hex("81004c000a0e000000043cfecc02f85091009040")))),
        ("vide", Visual("vp09", 320, 180, Box("vpcC", Hex("01000000020ba20910090000")))),
        ("vide", Visual("encv", 320, 180, AvcC(), Box("sinf", Box("frma", "avc1"u8.ToArray()), FullBox("schm", 0, 0, new byte[8])))),
        ("soun", AacEntry()),
        ("soun", Audio("mp4a", 2, 48000, [Esds(0x40, Hex("118004c848002000c4400d4c61766335392e33372e31303056e500"))])),
        ("soun", Audio("mp4a", 2, 48000, [Box("wave", Esds(0x40, Hex("f94621d0")))], version: 1, extra: new byte[16])),
        ("soun", Audio("ec-3", 2, 48000, [Box("dec3", Hex("0e07200f02040110"))])),
        ("soun", Audio("ac-4", 2, 48000, [Box("dac4", Hex("20a601400000001fffffffe0010ff880000042000250100000"))])),
        ("soun", Audio("dtsc", 2, 48000, [Box("ddts", new byte[20])])),
        ("soun", Audio("fLaC", 2, 48000, [Box("dfLa", new byte[42])])),
        ("text", Box("stpp", new byte[40])),
    ];

    [Fact]
    public void A_mutated_entry_is_read_or_told_and_what_is_written_reads_back()
    {
        var random = new Random(20260101);
        for (int round = 0; round < 20_000; round++)
        {
            (string handler, byte[] seed) = Seeds[round % Seeds.Length];
            byte[] entry = Mutate(seed, random);
            SampleDescription description;
            try
            {
                description = SampleDescriptionReader.Read(entry, handler, "a.mp4", 0);
            }
            catch (PackagingException e)
            {
                Assert.Equal("InvalidSampleEntry", e.Code);
                continue;
            }

            Assert.NotEmpty(description.Codec.Name);
            Assert.InRange(description.Entry.Length, 0, entry.Length + 100);
            if (description.Codec.Refusal is null)
            {
                SampleDescription again = SampleDescriptionReader.Read(description.Entry, handler, "a.mp4", 0);
                Assert.Equal(description.Entry, again.Entry);
                Assert.Equal(description.Codec.CodecString, again.Codec.CodecString);
            }
        }
    }

    private static byte[] Mutate(byte[] seed, Random random)
    {
        byte[] entry = [.. seed];
        for (int i = random.Next(1, 6); i > 0; i--)
        {
            int at = random.Next(8, entry.Length);
            entry[at] = random.Next(3) switch { 0 => (byte)random.Next(256), 1 => 0xff, _ => (byte)(entry[at] ^ (1 << random.Next(8))) };
        }

        if (random.Next(4) == 0)
        {
            entry = entry[..random.Next(8, entry.Length)];
            U32(entry.Length).CopyTo(entry, 0);
        }

        return entry;
    }
}
