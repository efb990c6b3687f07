using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using AmsMigration.Infrastructure.StreamingUrls;
using AmsMigration.StreamingUrls;
using AmsMigration.StreamingUrls.Testing;
using Microsoft.AspNetCore.Http;

namespace AmsMigration.Infrastructure.Tests.StreamingUrls;

public sealed class StreamingUrlTesterTests : IAsyncLifetime
{
    private const string Hls = "application/vnd.apple.mpegurl";
    private const string Media = "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXT-X-MAP:URI=\"init.mp4\"\n#EXTINF:4,\n1.m4s\n#EXTINF:4,\n2.m4s\n#EXTINF:4,\n3.m4s\n#EXT-X-ENDLIST\n";
    private const string Ranges = "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXT-X-MAP:URI=\"all.mp4\",BYTERANGE=\"100@0\"\n#EXTINF:4,\n#EXT-X-BYTERANGE:300@100\nall.mp4\n#EXTINF:4,\n#EXT-X-BYTERANGE:600\nall.mp4\n#EXT-X-ENDLIST\n";

    private readonly PublicWeb _web = new(TimeSpan.FromSeconds(20), TimeSpan.FromMilliseconds(10));
    private TestSite _site = null!;

    public async ValueTask InitializeAsync()
    {
        _site = await TestSite.StartAsync();
        _site.Add("/a/talk.m3u8", Hls, "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nvideo.m3u8\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",NAME=\"a\",URI=\"audio.m3u8\"\n");
        _site.Add("/a/video.m3u8", Hls, Media);
        _site.Add("/a/audio.m3u8", Hls, Ranges);
        _site.Add("/a/all.mp4", "video/mp4", new byte[1000]);
        Array.ForEach(["init.mp4", "1.m4s", "2.m4s", "3.m4s"], (string name) => _site.Add("/a/" + name, "video/mp4", new byte[100]));
    }

    public async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        _web.Dispose();
    }

    [Fact]
    public async Task What_plays_works_and_only_the_ends_are_asked_for()
    {
        AmsStreamingUrlTest test = await TestAsync("/a/talk.m3u8");

        Assert.Empty(test.Problems);
        Assert.True(test.Works);
        Assert.Equal((200, AmsStreamingProtocol.Hls, 2, 6), (test.StatusCode, test.Protocol, test.Renditions, test.SegmentsChecked));
        Assert.DoesNotContain("/a/2.m4s", _site.Requests);
        Assert.Contains("/a/3.m4s", _site.Requests);
    }

    [Fact]
    public async Task Redirections_are_followed_and_references_begin_where_they_end()
    {
        _site.Redirect("/old", "/between", 301);
        _site.Redirect("/between", "/a/talk.m3u8", 307);

        AmsStreamingUrlTest test = await TestAsync("/old");

        Assert.True(test.Works);
        Assert.Equal((2, new Uri(_site.Uri, "/a/talk.m3u8").ToString()), (test.Redirections, test.FinalUrl));
    }

    [Fact]
    public async Task A_missing_segment_is_named()
    {
        _site.Refuse("/a/3.m4s", 404, "BlobNotFound");
        AmsStreamingUrlProblem problem = Assert.Single((await TestAsync("/a/talk.m3u8")).Problems);
        Assert.Equal(("NotFound", true), (problem.Code, problem.StopsPlayback));
        Assert.EndsWith("/a/3.m4s", problem.Address);
    }

    [Fact]
    public async Task A_file_that_was_cut_is_too_short()
    {
        _site.Add("/a/all.mp4", "video/mp4", new byte[990]);
        AmsStreamingUrlTest test = await TestAsync("/a/talk.m3u8");
        Assert.Equal(["SegmentTooShort"], Codes(test));
        Assert.False(test.Works);
    }

    [Fact]
    public async Task A_server_that_ignores_ranges_stops_what_needs_them_alone()
    {
        _site.Pages["/a/all.mp4"] = context => context.Response.Body.WriteAsync(new byte[1000]).AsTask();
        _site.Pages["/a/1.m4s"] = context => context.Response.Body.WriteAsync(new byte[1000]).AsTask();
        AmsStreamingUrlProblem problem = Assert.Single((await TestAsync("/a/talk.m3u8")).Problems);
        Assert.Equal("RangesIgnored", problem.Code);
        Assert.EndsWith("/a/all.mp4", problem.Address);
    }

    [Fact]
    public async Task Missing_CORS_is_said_once_and_does_not_stop_players_of_the_system()
    {
        _site.AllowsEverySite = false;
        AmsStreamingUrlTest test = await TestAsync("/a/talk.m3u8");
        Assert.Equal(["CorsMissing"], Codes(test));
        Assert.True(test.Works);
        Assert.Contains("az storage cors add", Assert.Single(test.Advice));
    }

    [Theory]
    [InlineData(409, "PublicAccessNotPermitted", "PublicAccessNotPermitted")]
    [InlineData(404, "ResourceNotFound", "PublicAccessNotPermitted")]
    [InlineData(404, "BlobNotFound", "NotFound")]
    [InlineData(403, "AuthorizationFailure", "Forbidden")]
    [InlineData(401, "NoAuthenticationInformation", "PublicAccessNotPermitted")]
    [InlineData(404, null, "NotFound")]
    [InlineData(418, null, "AnswerUnexpected")]
    [InlineData(503, null, "ServerFailed")]
    public async Task A_refusal_says_what_is_missing(int status, string? code, string expected)
    {
        _site.Refuse("/a/talk.m3u8", status, code);
        AmsStreamingUrlTest test = await TestAsync("/a/talk.m3u8");
        Assert.Equal([expected], Codes(test));
        Assert.Equal((status, false), (test.StatusCode, test.Works));
    }

    [Fact]
    public async Task A_wrong_content_type_is_told_with_the_right_one()
    {
        _site.Add("/a/talk.m3u8", "application/octet-stream", Media);
        AmsStreamingUrlTest test = await TestAsync("/a/talk.m3u8");
        Assert.Equal(["ContentTypeWrong"], Codes(test));
        Assert.True(test.Works);
        Assert.Contains(Hls, test.Advice[0]);
    }

    [Fact]
    public async Task Another_protocol_than_that_of_the_old_address_is_told()
    {
        AmsStreamingUrlTest test = await TestAsync("/a/talk.m3u8", AmsStreamingProtocol.SmoothStreaming);
        Assert.Equal(["ProtocolDiffers"], Codes(test));
        Assert.True(test.Works);
    }

    [Fact]
    public async Task Redirections_in_a_circle_end()
    {
        _site.Redirect("/x", "/y");
        _site.Redirect("/y", "/x");
        Assert.Equal(["RedirectionLoop"], Codes(await TestAsync("/x")));

        _site.Pages["/endless"] = context =>
        {
            context.Response.Redirect($"/endless?{Guid.NewGuid()}");
            return Task.CompletedTask;
        };
        Assert.Equal(["RedirectionLoop"], Codes(await TestAsync("/endless")));
        Assert.InRange(_site.Requests.Count, 4, 20);
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("javascript:alert(1)")]
    [InlineData("")]
    public async Task A_redirection_out_of_the_web_is_not_followed(string to)
    {
        _site.Redirect("/x", to);
        Assert.Equal(["RedirectionWrong"], Codes(await TestAsync("/x")));
    }

    [Theory]
    [InlineData("http://127.0.0.1:{0}/secret")]
    [InlineData("file:///etc/passwd")]
    [InlineData("//127.0.0.1:{0}/secret")]
    public async Task A_manifest_that_points_elsewhere_is_not_followed_there(string reference)
    {
        await using TestSite other = await TestSite.StartAsync();
        reference = string.Format(null, reference, other.Uri.Port);
        _site.Add("/a/talk.m3u8", Hls, $"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n{reference}\n");
        _site.Add("/a/video.m3u8", Hls, $"#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n{reference}\n");

        Assert.Equal(["PointsElsewhere"], Codes(await TestAsync("/a/talk.m3u8")));
        Assert.Equal(["PointsElsewhere"], Codes(await TestAsync("/a/video.m3u8")));
        Assert.Empty(other.Requests);
    }

    [Fact]
    public async Task A_host_that_was_named_is_followed_to_and_not_asked_by_the_old_name()
    {
        await using TestSite other = await TestSite.StartAsync();
        string? asked = null;
        other.Pages["/1.m4s"] = context =>
        {
            asked = context.Request.Host.Value;
            return context.Response.Body.WriteAsync(new byte[100]).AsTask();
        };
        _site.Add("/a/video.m3u8", Hls, $"#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nhttp://localhost:{other.Uri.Port}/1.m4s\n#EXT-X-ENDLIST\n");

        AmsStreamingUrlTest test = await new StreamingUrlTester(_web, "https://x.example", ["LOCALHOST"]).TestAsync(
            "old", new Uri(_site.Uri, "/a/video.m3u8"), "old.example.com", null, null, TestContext.Current.CancellationToken);

        Assert.True(test.Works, string.Join("; ", test.Problems.Select(problem => problem.ToString())));
        Assert.Equal($"localhost:{other.Uri.Port}", asked);
    }

    [Fact]
    public async Task A_manifest_of_a_gigabyte_is_not_read_to_its_end()
    {
        _site.Pages["/a/talk.m3u8"] = async context =>
        {
            byte[] chunk = new byte[1 << 20];
            context.Response.ContentLength = 1L << 30;
            for (int i = 0; i < 1024 && !context.RequestAborted.IsCancellationRequested; i++)
            {
                await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
            }
        };
        var watch = Stopwatch.StartNew();
        Assert.Equal(["ManifestTooLong"], Codes(await TestAsync("/a/talk.m3u8")));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(15), $"{watch.Elapsed}");
    }

    [Theory]
    [InlineData("<!DOCTYPE MPD [<!ENTITY a \"aaaa\">]><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\">&a;</MPD>")]
    [InlineData("<html>Welcome</html>")]
    [InlineData("#EXTM3U\n")]
    [InlineData("#EXTM3U\n#EXTINF:99999999999999999999999999999999999,\nx\n")]
    [InlineData("<MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\"/>")]
    [InlineData("\0\0\0\u0018ftypmp42")]
    public async Task What_is_no_manifest_is_unreadable(string content)
    {
        _site.Add("/a/talk.m3u8", Hls, content);
        AmsStreamingUrlTest test = await TestAsync("/a/talk.m3u8");
        Assert.Equal("ManifestUnreadable", Codes(test)[0]);
        Assert.False(test.Works);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_hangs_is_given_up(bool answersFirst)
    {
        _site.Pages["/a/talk.m3u8"] = async context =>
        {
            if (answersFirst)
            {
                await context.Response.WriteAsync("#EXTM3U\n", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }

            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { });
        };
        using var web = new PublicWeb(TimeSpan.FromSeconds(0.5), TimeSpan.Zero);
        var watch = Stopwatch.StartNew();
        AmsStreamingUrlTest test = await TestAsync("/a/talk.m3u8", web: web);
        Assert.Equal(["TimedOut"], Codes(test));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{watch.Elapsed}");
    }

    [Fact]
    public async Task Cancellation_is_no_problem_of_the_address()
    {
        _site.Pages["/a/talk.m3u8"] = context => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { });
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            new StreamingUrlTester(_web, "https://x.example").TestAsync("old", new Uri(_site.Uri, "/a/talk.m3u8"), null, null, null, stop.Token));
    }

    [Fact]
    public async Task What_passes_is_tried_again()
    {
        int asked = 0;
        Func<HttpContext, Task> page = _site.Pages["/a/talk.m3u8"];
        _site.Pages["/a/talk.m3u8"] = context =>
        {
            if (Interlocked.Increment(ref asked) < 3)
            {
                context.Response.StatusCode = asked == 1 ? 503 : 429;
                return Task.CompletedTask;
            }

            return page(context);
        };
        Assert.True((await TestAsync("/a/talk.m3u8")).Works);
        Assert.Equal(3, asked);
    }

    [Fact]
    public async Task Unknown_hosts_closed_ports_and_foreign_certificates_are_told_apart()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int closed = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        await using TestSite secure = await TestSite.StartAsync(isSecure: true);

        Assert.Equal(["HostUnreachable"], Codes(await TestAsync($"http://127.0.0.1:{closed}/x")));
        Assert.Equal(["CertificateWrong"], Codes(await TestAsync(new Uri(secure.Uri, "/x").ToString())));
        AmsStreamingUrlTest unknown = await TestAsync("https://nobody.has.this.invalid/x");
        Assert.Equal(["HostUnknown"], Codes(unknown));
        Assert.Contains("az network dns record-set", unknown.Advice[0]);
    }

    [Fact]
    public async Task The_old_host_name_is_asked_for_on_the_new_host_and_nowhere_else()
    {
        await using TestSite other = await TestSite.StartAsync();
        List<string> hosts = [];
        _site.Pages["/old"] = context =>
        {
            lock (hosts)
            {
                hosts.Add(context.Request.Host.Value!);
            }

            context.Response.Redirect(new Uri(other.Uri, "/new.m3u8").ToString());
            return Task.CompletedTask;
        };
        other.Pages["/new.m3u8"] = context =>
        {
            lock (hosts)
            {
                hosts.Add(context.Request.Host.Value!);
            }

            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        };

        await new StreamingUrlTester(_web, "https://x.example").TestAsync(
            "old", new Uri(_site.Uri, "/old"), "old.example.com", null, null, TestContext.Current.CancellationToken);

        Assert.Equal(["old.example.com", other.Uri.Authority], hosts);
    }

    private Task<AmsStreamingUrlTest> TestAsync(string address, AmsStreamingProtocol? expected = null, PublicWeb? web = null) =>
        new StreamingUrlTester(web ?? _web, "https://player.example").TestAsync(
            "old", new Uri(_site.Uri, address), null, expected, null, TestContext.Current.CancellationToken);

    private static string[] Codes(AmsStreamingUrlTest test) => [.. test.Problems.Select(problem => problem.Code)];
}
