using System.Text;
using AmsMigration.Packaging.Sources;
using AmsMigration.Packaging.Sources.Smooth;
using AmsMigration.TestSupport;

namespace AmsMigration.Packaging.Tests.Sources;

public class ManifestFuzzTests
{
    private const string Server = """
        <?xml version="1.0" encoding="utf-8"?>
        <smil xmlns="http://www.w3.org/2001/SMIL20/Language"><head><meta name="clientManifestRelativePath" content="a.ismc"/>
        <meta name="formats" content="mp4-v3"/></head><body><switch>
        <video src="a.mp4" systemBitrate="3549855"><param name="trackID" value="1" valuetype="data"/></video>
        <audio src="a.mp4" systemLanguage="eng"><param name="trackID" value="2"/><param name="role" value="main"/></audio>
        <textstream src="a.cmft"/><ref src="b%20c.mp4"/></switch></body></smil>
        """;

    private const string Client = """
        <SmoothStreamingMedia MajorVersion="2" MinorVersion="2" Duration="703146666" TimeScale="10000000">
        <StreamIndex Chunks="12" Type="audio" Language="eng" Name="aac" TimeScale="48000">
        <QualityLevel Index="0" Bitrate="128041" FourCC="AACL" CodecPrivateData="1190" Channels="2" SamplingRate="48000"/>
        <c t="-5" d="60160000" r="11"/><c d="41386666"/></StreamIndex>
        <StreamIndex Type="text" Subtype="DATA" ParentStreamIndex="video"><c t="1" d="2"><f i="0">PEFjcz4=</f></c><c/></StreamIndex>
        </SmoothStreamingMedia>
        """;

    [Theory]
    [InlineData(Server, false)]
    [InlineData(Client, false)]
    [InlineData(Server, true)]
    [InlineData(Client, true)]
    public void A_mutated_manifest_is_read_or_told(string seed, bool wide)
    {
        var random = new Random(20260102);
        byte[] content = (wide ? Encoding.Unicode : Encoding.UTF8).GetBytes(seed);
        int read = 0;
        for (int round = 0; round < 3_000; round++)
        {
            byte[] mutated = Mutate(content, random);
            try
            {
                Assert.NotNull(ServerManifest.Parse(mutated, "a.ism").Tracks);
                read++;
            }
            catch (PackagingException e)
            {
                Assert.Equal("InvalidManifest", e.Code);
            }

            try
            {
                Assert.InRange(ClientManifest.Parse(mutated, "a.ismc").Streams.Sum(stream => (long)stream.ChunkCount), 0, 10_000_000);
                read++;
            }
            catch (PackagingException e)
            {
                Assert.Equal("InvalidManifest", e.Code);
            }
        }

        Assert.InRange(read, 1, 5_999);
    }

    [Fact]
    public async Task An_asset_with_a_mutated_manifest_is_read_or_told()
    {
        var random = new Random(20260103);
        byte[] media = new MovieBuilder().Video(1).Audio(1).Build();
        for (int round = 0; round < 500; round++)
        {
            MemoryAssetStore store = new MemoryAssetStore("asset")
                .With("a.ism", Mutate(Encoding.UTF8.GetBytes(Server), random))
                .With("a.ismc", Mutate(Encoding.UTF8.GetBytes(Client), random))
                .With("a.mp4", media)
                .With("b c.mp4", media);

            AssetContent content = await AssetReader.ReadAsync(store, CancellationToken.None);

            Assert.True(content.IsStreamable || content.Warnings.Count > 0);
            Assert.Equal(0, store.StillOpen);
        }
    }

    private static byte[] Mutate(byte[] seed, Random random)
    {
        byte[] content = [.. seed];
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            content[random.Next(content.Length)] = random.Next(3) == 0 ? (byte)random.Next(256) : (byte)random.Next(0x20, 0x7f);
        }

        return random.Next(5) == 0 ? content[..random.Next(content.Length)] : content;
    }
}
