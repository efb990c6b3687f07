using AmsMigration.Packaging;
using AmsMigration.StreamingUrls;

namespace AmsMigration.Core.Tests.StreamingUrls;

public class AliasBaseTests
{
    private const string Account = "https://contoso.blob.core.windows.net";

    [Theory]
    [InlineData("/site/l/talk.ism", "/site/asset", "../../asset/")]
    [InlineData("/site/l/talk.ism", "/site", "../../")]
    [InlineData("/site/l/talk.ism", "/site/l", "../")]
    [InlineData("/site/l/talk.ism", "/media/a b/%41", "../../../media/a%20b/%2541/")]
    [InlineData(Account + "/l/talk.ism", Account + "/video/asset", "../../video/asset/")]
    [InlineData(Account + "/$web/l/talk.ism", Account + "/$web/a%20b", "../../a%20b/")]
    [InlineData(Account + "/video/l/talk%20%C3%BC.ism", Account + "/video/L", "../../L/")]
    [InlineData("HTTPS://CONTOSO.blob.core.windows.net/l/talk.ism", Account + "/video", "../../video/")]
    [InlineData("http://127.0.0.1:10000/devstoreaccount1/l/talk.ism", "http://127.0.0.1:10000/devstoreaccount1/video", "../../video/")]
    public void On_one_host_the_way_is_relative(string folder, string output, string expected) => Assert.Equal(expected, AliasBase.Find(folder, output));

    /// <summary>Each reference resolves as browsers do it (RFC 3986 5.2).</summary>
    [Theory]
    [InlineData("l/talk.ism", "video/asset 1/x")]
    [InlineData("video/l/t%FC#lk.ism", "video/ä?ö")]
    public void The_way_leads_there(string folder, string output)
    {
        string from = Account + "/" + Escape(folder);
        string to = Account + "/" + Escape(output);

        Assert.Equal(to + "/clip.mpd", new Uri(new Uri(from + "/manifest(format=mpd-time-cmaf)"), AliasBase.Find(from, to) + "clip.mpd").AbsoluteUri);
    }

    [Theory]
    [InlineData("https://site.blob.core.windows.net/l/talk.ism", Account + "/video/a%20b", Account + "/video/a%20b/")]
    [InlineData("/site/l/talk.ism", Account + "/video", Account + "/video/")]
    [InlineData("http://127.0.0.1:10000/a/l/talk.ism", "http://127.0.0.1:10001/a/video", "http://127.0.0.1:10001/a/video/")]
    public void To_another_host_it_is_absolute(string folder, string output, string expected) => Assert.Equal(expected, AliasBase.Find(folder, output));

    [Fact]
    public void From_storage_nothing_leads_into_a_folder() =>
        Assert.Equal("UrlDestinationUnreachable", Assert.Throws<PackagingException>(() => AliasBase.Find(Account + "/l/talk.ism", "/media")).Code);

    private static string Escape(string path) => string.Join("/", path.Split('/').Select(Uri.EscapeDataString));
}
