using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources;
using AmsMigration.TestSupport;

namespace AmsMigration.Packaging.Tests.ClosedCaptions;

/// <summary>Captions inside pictures are found by looking at some of them.</summary>
public class CaptionProbeTests
{
    private const byte Valid = 0xFC;

    [Theory]
    [InlineData("1420", "CC1")]
    [InlineData("1c20", "CC2")]
    [InlineData("4865", "CC1")]
    public async Task Channels_of_the_first_field(string pair, string name) => Assert.Equal([name], await DetectAsync([Valid, .. Convert.FromHexString(pair)]));

    [Theory]
    [InlineData("1520", "CC3")]
    [InlineData("1d20", "CC4")]
    [InlineData("4865", "CC3")]
    public async Task Channels_of_the_second_field(string pair, string name) => Assert.Equal([name], await DetectAsync([Valid | 1, .. Convert.FromHexString(pair)]));

    [Fact]
    public async Task Room_without_captions_is_announced_as_the_first_channel() => Assert.Equal(["CC1"], await DetectAsync([Valid, 0x80, 0x80]));

    [Fact]
    public async Task Programme_data_of_the_second_field_is_no_caption() =>
        Assert.Equal(["CC1"], await DetectAsync([Valid | 1, 0x01, 0x03, Valid, 0x14, 0x20]));

    [Fact]
    public async Task Constructs_that_are_not_valid_say_nothing() => Assert.Empty(await DetectAsync([0xF8, 0x14, 0x20, 0xFA, 0x00, 0x00]));

    [Fact]
    public async Task Services_are_found_in_packets_that_run_over_several_pictures()
    {
        // Header: 4 * 2 bytes; service 1 with 2 bytes, service 9 (extended) with 1, then nothing.
        byte[] packet = [0x04, 0x22, 0x41, 0x42, 0xE1, 0x09, 0x43, 0x00];
        byte[][] pictures =
        [
            [0xFF, packet[0], packet[1], 0xFE, packet[2], packet[3]],
            [0xFE, packet[4], packet[5], 0xFE, packet[6], packet[7]],
            [0xFF, 0x81, 0x00, Valid, 0x14, 0x20],
        ];

        Assert.Equal(["CC1", "SERVICE1", "SERVICE9"], await DetectAsync(pictures));
    }

    [Fact]
    public async Task Messages_of_HEVC_are_read_too() => Assert.Equal(["CC1"], await DetectAsync(isHevc: true, [Valid, 0x14, 0x20]));

    [Fact]
    public async Task Escaped_zeros_and_other_messages_do_not_hide_captions()
    {
        byte[] other = [0x06, 5, 20, .. new byte[] { 1, 2, 0, 0, 3, 0, 1 }, .. new byte[14], 0x80];
        byte[] picture = [.. Unit(other), .. Unit(Message([Valid, 0x14, 0x20])), .. Unit([0x65, 1, 2, 3])];

        Assert.Equal(["CC1"], await DetectAsync(SampleEntries.Avc, [picture]));
    }

    [Fact]
    public async Task Captions_that_begin_late_are_found()
    {
        byte[] silent = Unit([0x65, .. new byte[30_000]]);
        byte[] spoken = [.. Unit(Message([Valid, 0x14, 0x20])), .. silent];

        Assert.Equal(["CC1"], await DetectAsync(SampleEntries.Avc, [.. Enumerable.Range(0, 90).Select(i => i < 60 ? silent : spoken)]));
    }

    [Fact]
    public async Task Little_is_read_of_much_video()
    {
        byte[] picture = Unit([0x65, .. new byte[100_000]]);
        MemoryAssetStore store = Asset(SampleEntries.Avc, Enumerable.Repeat(picture, 300));
        Presentation presentation = Assert.Single((await AssetReader.ReadAsync(store, default)).Presentations);
        var probed = new ProbedAssetStore(store);

        await PresentationContent.ReadAsync(probed, presentation, default);

        Assert.InRange(probed.Reads.Sum(read => (long)read.Count), 1, 2_000_000);
    }

    [Fact]
    public async Task Damaged_messages_do_no_harm()
    {
        var random = new Random(608);
        byte[] sound = [.. Unit(Message([Valid, 0x14, 0x20, 0xFF, 0x04, 0x22, 0xFE, 0x41, 0x42])), .. Unit([0x65, 1, 2, 3])];
        for (int i = 0; i < 3000; i++)
        {
            byte[] damaged = [.. sound.Take(random.Next(1, sound.Length + 1))];
            for (int j = random.Next(4); j >= 0; j--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            Assert.All(await DetectAsync(SampleEntries.Avc, [damaged, damaged]), name => Assert.Matches("^(CC[1-4]|SERVICE([1-9]|[1-5][0-9]|6[0-3]))$", name));
        }
    }

    private static byte[] Message(byte[] constructs)
    {
        byte[] user = [0xB5, 0x00, 0x31, .. "GA94"u8, 0x03, (byte)(0xC0 | (constructs.Length / 3)), 0xFF, .. constructs, 0xFF];
        return [0x06, 4, (byte)user.Length, .. user, 0x80];
    }

    private static byte[] Unit(byte[] nal) => [(byte)(nal.Length >> 24), (byte)(nal.Length >> 16), (byte)(nal.Length >> 8), (byte)nal.Length, .. nal];

    private static Task<IReadOnlyList<string>> DetectAsync(params byte[][] constructs) => DetectAsync(isHevc: false, constructs);

    private static Task<IReadOnlyList<string>> DetectAsync(bool isHevc, params byte[][] constructs) => DetectAsync(
        isHevc ? Hevc() : SampleEntries.Avc,
        constructs.Select(construct => Message(construct) is var message && isHevc
            ? (byte[])[.. Unit([39 << 1, 1, .. message[1..]]), .. Unit([19 << 1, 1, 2])]
            : [.. Unit(message), .. Unit([0x65, 1, 2, 3])]));

    private static async Task<IReadOnlyList<string>> DetectAsync(byte[] entry, IEnumerable<byte[]> pictures)
    {
        MemoryAssetStore store = Asset(entry, pictures);
        Presentation presentation = Assert.Single((await AssetReader.ReadAsync(store, default)).Presentations);
        return (await PresentationContent.ReadAsync(store, presentation, default)).Tracks[0].ClosedCaptions;
    }

    private static MemoryAssetStore Asset(byte[] entry, IEnumerable<byte[]> pictures) => new MemoryAssetStore("asset").With(
        "a.mp4", new Mp4Maker { Tracks = [new MadeTrack { Entries = [entry], Samples = [.. pictures.Select(picture => new MadeSample(40, picture))] }] }.ToArray());

    private static byte[] Hevc()
    {
        byte[] file = File.ReadAllBytes(Path.Combine(Repository.Root, "tests", "fixtures", "assets", "hevc-hvc1", "clip.mp4"));
        int at = file.AsSpan().IndexOf("hvc1\0"u8) - 4;
        return file[at..(at + ((file[at + 2] << 8) | file[at + 3]))];
    }
}
