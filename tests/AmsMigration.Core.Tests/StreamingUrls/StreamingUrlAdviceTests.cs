using AmsMigration.StreamingUrls.Testing;

namespace AmsMigration.Core.Tests.StreamingUrls;

public class StreamingUrlAdviceTests
{
    private static readonly Uri _blob = new("https://contoso.blob.core.windows.net/0cf2e3a1-5b7c-4d13-9a5e-2f3b4c5d6e7f/it's%20a%20talk.ism/manifest(format=m3u8-cmaf)");

    [Theory]
    [InlineData("CorsMissing", "az storage cors add --services b --methods GET HEAD OPTIONS --origins '*' --allowed-headers '*' --exposed-headers 'Content-Length,Content-Range,Content-Type' --max-age 86400 --account-name contoso")]
    [InlineData("PublicAccessNotPermitted", "az storage account update --name contoso --resource-group <group> --allow-blob-public-access true; az storage container set-permission --name 0cf2e3a1-5b7c-4d13-9a5e-2f3b4c5d6e7f --public-access blob --account-name contoso")]
    [InlineData("ContentTypeWrong", "az storage blob update --account-name contoso --container-name 0cf2e3a1-5b7c-4d13-9a5e-2f3b4c5d6e7f --name 'it''s a talk.ism/manifest(format=m3u8-cmaf)' --content-type application/vnd.apple.mpegurl")]
    public void A_command_has_the_names_of_the_address(string code, string command)
    {
        Assert.Equal(command, StreamingUrlAdvice.For(code, _blob, "application/vnd.apple.mpegurl"));
    }

    [Theory]
    [InlineData("CorsMissing", "https://contoso.z6.web.core.windows.net/a.m3u8", "static website")]
    [InlineData("CorsMissing", "https://video.contoso.com/a.m3u8", "Have video.contoso.com send Access-Control-Allow-Origin")]
    [InlineData("HostUnknown", "https://contoso-euwe.streaming.media.azure.net/x", "went with it")]
    [InlineData("HostUnknown", "https://video.contoso.com/x", "--zone-name contoso.com --record-set-name video")]
    [InlineData("CertificateWrong", "https://video.contoso.com/x", "--custom-domain-name video-contoso-com --host-name video.contoso.com")]
    [InlineData("Forbidden", "https://contoso.blob.core.windows.net/video/x", "--default-action Allow")]
    public void Advice_depends_on_whose_host_it_is(string code, string address, string expected)
    {
        Assert.Contains(expected, StreamingUrlAdvice.For(code, new Uri(address)));
    }
}
