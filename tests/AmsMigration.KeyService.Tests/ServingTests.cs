using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AmsMigration.KeyService.Keys;
using AmsMigration.KeyService.Serving;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Protection;

namespace AmsMigration.KeyService.Tests;

/// <summary>What goes over the wire.</summary>
public sealed class ServingTests
{
    /// <summary>The key id, and the key, in base64url.</summary>
    private const string KeyId64 = "klnrBu7uT3eYfwAAAAAAAg";
    private const string Key64 = "ICEiIyQlJicoKSorLC0uLw";

    private static readonly JsonElement _open = Policies.Of(Policies.Open());
    private static readonly JsonElement _tokens = Policies.Of(Policies.Token(Policies.Symmetric(Tokens.Secret)));

    [Theory]
    [InlineData("?kid=9259eb06-eeee-4f77-987f-000000000002")]
    [InlineData("?KID=9259EB06-EEEE-4F77-987F-000000000002")]
    [InlineData("?kid=9259eb06eeee4f77987f000000000002&other=1")]
    [InlineData("?kid=nb:kid:UUID:9259eb06-eeee-4f77-987f-000000000002")]
    public async Task The_old_address_answers_with_the_bare_key_that_nobody_keeps(string query)
    {
        await using Service service = await Service.StartAsync(_open);

        using HttpResponseMessage response = await service.Client.GetAsync(query);

        Assert.Equal("200 delivered", await Service.OutcomeAsync(response));
        Assert.Equal(16, response.Content.Headers.ContentLength);
        Assert.True(response.Headers.CacheControl?.NoStore);
        Assert.Null(response.Headers.Server.FirstOrDefault());
    }

    [Theory]
    [InlineData("", "400 KeyIdMissing")]
    [InlineData("?kid=", "400 KeyIdWrong")]
    [InlineData("?kid=9259eb06-eeee-4f77-987f-00000000000", "400 KeyIdWrong")]
    [InlineData("?kid=../../etc", "400 KeyIdWrong")]
    [InlineData("?kid=9259eb06-eeee-4f77-987f-000000000002&kid=9259eb06-eeee-4f77-987f-000000000003", "400 KeyIdMissing")]
    [InlineData("?kid=9259eb06-eeee-4f77-987f-000000000003", "404 KeyUnknown")]
    public async Task A_key_that_there_is_not_is_an_error_with_a_stable_id(string query, string outcome)
    {
        await using Service service = await Service.StartAsync(_open);

        using HttpResponseMessage response = await service.Client.GetAsync(query);

        Assert.Equal(outcome, await Service.OutcomeAsync(response));
    }

    [Fact]
    public async Task Tokens_come_in_the_header_as_everybody_or_as_Media_Services_writes_it_or_in_the_query()
    {
        await using Service service = await Service.StartAsync(_tokens);
        string token = Tokens.Hmac(Tokens.Secret);
        async Task<string> AskAsync(string? header, string query = "")
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"?kid={Service.KeyId}{query}");
            if (header is not null)
            {
                request.Headers.TryAddWithoutValidation("Authorization", header);
            }

            using HttpResponseMessage response = await service.Client.SendAsync(request);
            Assert.Equal(response.StatusCode == HttpStatusCode.Unauthorized, response.Headers.WwwAuthenticate.Any());
            return await Service.OutcomeAsync(response);
        }

        foreach (string header in new[] { "Bearer " + token, "bearer " + token, "Bearer=" + token, "BEARER   " + token })
        {
            Assert.Equal("200 delivered", await AskAsync(header));
        }

        foreach (string query in new[] { token, "Bearer%3D" + token, "Bearer%20" + token })
        {
            Assert.Equal("200 delivered", await AskAsync(null, "&token=" + query));
        }

        Assert.Equal("401 TokenMissing", await AskAsync("Basic " + token));
        Assert.Equal("401 TokenMissing", await AskAsync("Bearer "));
        Assert.Equal("401 TokenMissing", await AskAsync(null, "&token="));
        Assert.Equal("401 TokenMalformed", await AskAsync("Bearer x", "&token=" + token));
    }

    [Fact]
    public async Task A_Clear_Key_licence_is_a_key_set_of_what_the_token_allows()
    {
        Guid second = Guid.NewGuid();
        await using Service service = await Service.StartAsync((ring, reader) =>
        {
            ring.Add(new GuardedKey(Service.KeyId, [reader.Read("tokens", _tokens)], () => Task.FromResult(new ContentKey(Service.KeyId, Service.Key))));
            ring.Add(new GuardedKey(
                second,
                [reader.Read("closed", Policies.Of(Policies.Token(Policies.Symmetric(Tokens.Secret), ("audience", "urn:other"))))],
                () => Task.FromResult(new ContentKey(second, Service.Key))));
        });

        JsonNode licence = await LicenceAsync(service, [KeyId64, KeyId.ToBase64Url(second), KeyId.ToBase64Url(Guid.NewGuid())], Tokens.Hmac(Tokens.Secret));

        Assert.Equal($$"""{"keys":[{"kty":"oct","kid":"{{KeyId64}}","k":"{{Key64}}"}],"type":"temporary"}""", licence.ToJsonString());
        Assert.Equal("TokenAudienceWrong", (await LicenceAsync(service, [KeyId.ToBase64Url(second)], Tokens.Hmac(Tokens.Secret)))["code"]!.GetValue<string>());
        Assert.Equal("TokenMissing", (await LicenceAsync(service, [KeyId64], null))["code"]!.GetValue<string>());
        Assert.Equal("KeyUnknown", (await LicenceAsync(service, [KeyId.ToBase64Url(Guid.NewGuid())], null))["code"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{ "kids": [] }""")]
    [InlineData("""{ "kids": "klnrBu7uT3eYfwAAAAAAAg" }""")]
    [InlineData("""{ "kids": [ 5 ] }""")]
    [InlineData("""{ "kids": [ "9259eb06-eeee-4f77-987f-000000000002" ] }""")]
    [InlineData("""{ "kids": [ "klnrBu7uT3eYfwAAAAAAAg==" ] }""")]
    [InlineData("""{ "kids": [ "klnrBu7uT3eYfwAAAAAA" ] }""")]
    [InlineData("""{ "kids": [ "klnrBu7uT3eYfwAAAAAAAg" ], "type": "persistent-license" }""")]
    [InlineData("""{ "kids": [[[[[[[[[[[[[[ "klnrBu7uT3eYfwAAAAAAAg" ]]]]]]]]]]]]]] }""")]
    public async Task A_body_that_is_no_licence_request_is_said_to_be_none(string body)
    {
        await using Service service = await Service.StartAsync(_open);

        using HttpResponseMessage response = await service.Client.PostAsync("", new StringContent(body));

        Assert.Equal("400 LicenceRequestWrong", await Service.OutcomeAsync(response));
    }

    [Fact]
    public async Task A_licence_request_has_limits()
    {
        await using Service service = await Service.StartAsync(_open);
        JsonNode most = await LicenceAsync(service, [.. Enumerable.Repeat(KeyId64, 64)], null);
        Assert.Single(most["keys"]!.AsArray());

        Assert.Equal("LicenceRequestWrong", (await LicenceAsync(service, [.. Enumerable.Repeat(KeyId64, 65)], null))["code"]!.GetValue<string>());
        using HttpResponseMessage response = await service.Client.PostAsync("", new ByteArrayContent(new byte[20_000]));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task One_address_may_ask_so_often_and_another_is_not_bothered()
    {
        await using Service service = await Service.StartAsync(_open, new ServingOptions { RequestsPerMinute = 3, Proxies = ["127.0.0.1"], AllowHttp = true });
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal("200 delivered", await service.AskAsync());
        }

        using HttpResponseMessage refused = await service.Client.GetAsync($"?kid={Service.KeyId}");
        Assert.Equal("429 TooManyRequests", await Service.OutcomeAsync(refused));
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 20);
        Assert.Equal(HttpStatusCode.OK, (await service.Client.GetAsync("health/ready")).StatusCode);
        Assert.Equal("200 delivered", await ForwardedAsync(service, "203.0.113.7"));
        // Of IPv6 a client has a network.
        foreach (int i in new[] { 1, 2, 3 })
        {
            Assert.Equal("200 delivered", await ForwardedAsync(service, $"2001:db8:1:2::{i}"));
        }

        Assert.Equal("429 TooManyRequests", await ForwardedAsync(service, "2001:db8:1:2:ffff::4"));
        Assert.Equal("200 delivered", await ForwardedAsync(service, "2001:db8:1:3::1"));
    }

    [Fact]
    public async Task Keys_go_over_HTTPS_or_do_not_leave_the_machine()
    {
        await using Service trusting = await Service.StartAsync(_open, new ServingOptions { Proxies = [ServingOptions.AnyProxy] });
        Assert.Equal("200 delivered", await trusting.AskAsync());
        Assert.Equal("403 HttpsRequired", await ForwardedAsync(trusting, "203.0.113.7", "http"));
        Assert.Equal("200 delivered", await ForwardedAsync(trusting, "203.0.113.7", "https"));

        await using Service lax = await Service.StartAsync(_open, new ServingOptions { Proxies = ["127.0.0.0/8"], AllowHttp = true });
        Assert.Equal("200 delivered", await ForwardedAsync(lax, "203.0.113.7", "http"));

        // Whoever is no proxy may say what he likes.
        await using Service wary = await Service.StartAsync(_open, new ServingOptions { Proxies = ["10.0.0.0/8"], RequestsPerMinute = 1 });
        Assert.Equal("200 delivered", await ForwardedAsync(wary, "203.0.113.7", "http"));
        Assert.Equal("429 TooManyRequests", await ForwardedAsync(wary, "203.0.113.8", "http"));
    }

    [Fact]
    public async Task Pages_of_the_allowed_origins_may_ask()
    {
        await using Service all = await Service.StartAsync(_tokens);
        Assert.Equal("https://anywhere.example.com", await PreflightAsync(all, "https://anywhere.example.com"));
        await using Service some = await Service.StartAsync(_tokens, new ServingOptions { Origins = ["https://www.contoso.com"] });
        Assert.Equal("https://www.contoso.com", await PreflightAsync(some, "https://www.contoso.com"));
        Assert.Null(await PreflightAsync(some, "https://www.fabrikam.com"));

        using var request = new HttpRequestMessage(HttpMethod.Get, $"?kid={Service.KeyId}");
        request.Headers.Add("Origin", "https://www.contoso.com");
        using HttpResponseMessage refused = await some.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal("https://www.contoso.com", refused.Headers.GetValues("Access-Control-Allow-Origin").Single());
    }

    [Theory]
    [InlineData("health")]
    [InlineData("health/live")]
    [InlineData("health/ready")]
    public async Task Health_is_told_to_everybody(string path)
    {
        await using Service service = await Service.StartAsync(_tokens);

        Assert.Equal(HttpStatusCode.OK, (await service.Client.GetAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await service.Client.GetAsync("elsewhere")).StatusCode);
    }

    [Fact]
    public async Task No_key_and_no_token_is_logged_or_answered()
    {
        await using Service service = await Service.StartAsync(_tokens);
        string good = Tokens.Hmac(Tokens.Secret);
        string bad = Tokens.Hmac(Encoding.ASCII.GetBytes("another-shared-secret-of-40-bytes-or-more"));
        await service.AskAsync(good);
        string refusal = await (await service.Client.GetAsync($"?kid={Service.KeyId}&token={bad}")).Content.ReadAsStringAsync();
        await service.Client.GetAsync($"?kid={Service.KeyId}&token={good}");
        await service.Client.PostAsync($"?token={good}", new StringContent($$"""{"kids":["{{KeyId64}}"]}"""));

        Assert.Equal(3, service.Log.Lines.Count(line => line.Contains("200 delivered", StringComparison.Ordinal)));
        string all = Visible(service.Log.Lines) + refusal;
        string[] secrets =
        [
            .. good.Split('.')[1..], bad.Split('.')[2], Key64, Convert.ToHexString(Service.Key), Convert.ToHexStringLower(Service.Key), Convert.ToBase64String(Tokens.Secret),
            Encoding.ASCII.GetString(Tokens.Secret),
        ];
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, all, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_that_cannot_be_read_is_tried_again()
    {
        int reads = 0;
        await using Service service = await Service.StartAsync((ring, reader) => ring.Add(new GuardedKey(
            Service.KeyId,
            [reader.Read("open", _open)],
            () => Interlocked.Increment(ref reads) switch
            {
                1 => throw new Accounts.AccountException("KeyVaultUnavailable", "it is away"),
                2 => throw new PackagingException("SecretUnreadable", "it is damaged"),
                _ => Task.FromResult(new ContentKey(Service.KeyId, Service.Key)),
            })));

        Assert.Equal("503 KeyStoreUnavailable", await service.AskAsync());
        Assert.Equal("500 Failed", await service.AskAsync());
        Assert.Equal("200 delivered", await service.AskAsync());
        Assert.Equal("200 delivered", await service.AskAsync());
        Assert.Equal(3, reads);
    }

    /// <summary>What the service's own filter lets through, and nothing that only the tests listen to.</summary>
    private static string Visible(IEnumerable<string> lines) => string.Join('\n', lines.Where(line => KeyServiceCommand.IsLogged(
        line.Split(' ')[1].TrimEnd(':'), Enum.Parse<Microsoft.Extensions.Logging.LogLevel>(line.Split(' ')[0]))));

    private static async Task<JsonNode> LicenceAsync(Service service, string[] ids, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "") { Content = JsonContent.Create(new { kids = ids, type = "temporary" }) };
        request.Headers.TryAddWithoutValidation("Authorization", token is null ? null : "Bearer " + token);
        using HttpResponseMessage response = await service.Client.SendAsync(request);
        return (await response.Content.ReadFromJsonAsync<JsonNode>())!;
    }

    private static async Task<string> ForwardedAsync(Service service, string address, string scheme = "https")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"?kid={Service.KeyId}");
        request.Headers.Add("X-Forwarded-For", address);
        request.Headers.Add("X-Forwarded-Proto", scheme);
        using HttpResponseMessage response = await service.Client.SendAsync(request);
        return await Service.OutcomeAsync(response);
    }

    private static async Task<string?> PreflightAsync(Service service, string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, "");
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type");
        using HttpResponseMessage response = await service.Client.SendAsync(request);
        return response.Headers.TryGetValues("Access-Control-Allow-Origin", out IEnumerable<string>? values) ? values.Single() : null;
    }
}
