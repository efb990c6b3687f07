using AmsMigration.StreamingUrls;

namespace AmsMigration.Core.Tests.StreamingUrls;

public class StreamingAddressTests
{
    private const string Locator = "0cf2e3a1-5b7c-4d13-9a5e-2f3b4c5d6e7f";

    [Theory]
    [InlineData("https://contoso-euwe.streaming.media.azure.net/{0}/talk.ism/manifest(format=m3u8-cmaf)", "/{0}/talk.ism/manifest(format=m3u8-cmaf)")]
    [InlineData("HTTP://Contoso-EUWE.streaming.media.azure.net:80/{0}/talk.ism/Manifest", "/{0}/talk.ism/Manifest")]
    [InlineData("//contoso-euwe.streaming.media.azure.net/{0}/talk.ism/manifest(format=mpd-time-csf).mpd", "/{0}/talk.ism/manifest(format=mpd-time-csf).mpd")]
    [InlineData("https://contoso-euwe.streaming.media.azure.net:443/{0}/talk.ism/MANIFEST(format=m3u8-aapl).M3U8", "/{0}/talk.ism/manifest(format=m3u8-aapl).m3u8")]
    [InlineData(
        " contoso-euwe.streaming.media.azure.net/{0}/My%20talk%20(1).ism/manifest%28format%3Dm3u8-aapl%2Cfilter%3Da%3Bb%29?api-version=1&sig=secret#t=3 ",
        "/{0}/My%20talk%20(1).ism/manifest(format=m3u8-aapl,filter=a;b)")]
    [InlineData("https://contoso-euwe.streaming.media.azure.net/{0}/L%C3%A4rm 50%25.ism/manifest", "/{0}/L%C3%A4rm%2050%25.ism/manifest")]
    [InlineData("https://contoso-euwe.streaming.media.azure.net//{0}/live.isml//manifest/", "/{0}/live.isml/manifest")]
    public void An_address_is_read_however_it_was_copied(string written, string path)
    {
        StreamingAddress address = StreamingAddress.Parse(string.Format(null, written, Locator));

        Assert.Equal("contoso-euwe.streaming.media.azure.net", address.Host);
        Assert.Equal(string.Format(null, path, Locator), address.Path);
        Assert.Equal(address, StreamingAddress.Parse(address.ToString()));
    }

    [Theory]
    [InlineData("https://cdn--contoso.streaming.mediaservices.windows.net", "cdn--contoso.streaming.mediaservices.windows.net")]
    [InlineData("http://contoso.origin.mediaservices.windows.net", "contoso.origin.mediaservices.windows.net")]
    [InlineData("https://video.contoso.com:8443", "video.contoso.com:8443")]
    [InlineData("", null)]
    public void Older_and_own_hosts_are_hosts_and_a_path_has_none(string before, string? host)
    {
        Assert.Equal(host, StreamingAddress.Parse($"{before}/{Locator}/talk.ism/manifest").Host);
    }

    [Theory]
    [InlineData("manifest", AmsStreamingProtocol.SmoothStreaming)]
    [InlineData("Manifest(encryption=cbc)", AmsStreamingProtocol.SmoothStreaming)]
    [InlineData("manifest(format=fmp4-v20)", AmsStreamingProtocol.SmoothStreaming)]
    [InlineData("manifest(format=m3u8-aapl-v3,audio-only=false)", AmsStreamingProtocol.Hls)]
    [InlineData("manifest(filter=x,Format=MPD-time-cmaf)", AmsStreamingProtocol.Dash)]
    [InlineData("manifest(format=of-the-future).mpd", AmsStreamingProtocol.Dash)]
    [InlineData("manifest(format=of-the-future)", null)]
    public void Format_or_suffix_say_the_protocol(string request, AmsStreamingProtocol? protocol)
    {
        Assert.Equal(protocol, StreamingAddress.Parse($"/{Locator}/talk.ism/{request}").Protocol);
    }

    [Fact]
    public void Parameters_keep_their_order_and_what_nobody_knows()
    {
        StreamingAddress address = StreamingAddress.Parse(
            $"/{Locator}/talk.ism/manifest(audio-only=true,format=m3u8-cmaf,encryption=cbcs-aapl,filter=low;first,startTime=10,endTime=300000000,x,=,audioTrack=a=b)");

        Assert.Equal("cbcs-aapl", address.Encryption);
        Assert.Equal(["low", "first"], address.Filters);
        Assert.True(address.IsAudioOnly);
        Assert.Equal((10, 300_000_000), (address.StartTime, address.EndTime));
        Assert.Equal("a=b", address.Parameter("AudioTrack"));
        Assert.Equal(
            "manifest(audio-only=true,format=m3u8-cmaf,encryption=cbcs-aapl,filter=low;first,startTime=10,endTime=300000000,x,=,audioTrack=a=b)", address.RequestName);
        Assert.Equal($"{Locator}/talk.ism/{address.RequestName}", address.RelativePath);
    }

    [Theory]
    [InlineData("")]
    [InlineData("https://contoso.example/")]
    [InlineData("https://contoso.example/talk.ism/manifest")]
    [InlineData("https://contoso.example/{0}/talk.mp4")]
    [InlineData("https://contoso.example/{0}/talk.ism/QualityLevels(1)/Manifest(video,format=m3u8-aapl)")]
    [InlineData("https://contoso.example/{0}/..%2Fother.ism/manifest")]
    [InlineData("https://contoso.example/{0}/talk%0A.ism/manifest")]
    [InlineData("https://contoso.example/{0}/talk.ism/manifest(format=m3u8-aapl")]
    [InlineData("https://contoso.example/{0}/talk.ism/manifest(format=m3u8-aapl).exe")]
    [InlineData("https://contoso.example@evil.example/{0}/talk.ism/manifest")]
    [InlineData("ftp://contoso.example/{0}/talk.ism/manifest")]
    public void What_is_no_address_is_refused(string written)
    {
        string text = string.Format(null, written, Locator);

        Assert.Throws<FormatException>(() => StreamingAddress.Parse(text));
        Assert.Null(StreamingAddress.TryParse(text));
    }

    [Fact]
    public void A_refusal_does_not_quote_a_signature()
    {
        FormatException refusal = Assert.Throws<FormatException>(() => StreamingAddress.Parse("https://contoso.example/x?sig=secret"));
        Assert.DoesNotContain("secret", refusal.Message);
    }

    [Fact]
    public void An_address_without_end_is_refused_soon()
    {
        Assert.Throws<FormatException>(() => StreamingAddress.Parse($"/{Locator}/{new string('(', 10_000_000)}.ism/manifest"));
    }
}
