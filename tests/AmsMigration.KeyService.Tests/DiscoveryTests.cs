using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Buffers.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace AmsMigration.KeyService.Tests;

/// <summary>Verification keys of an issuer on the network.</summary>
public sealed class DiscoveryTests : IAsyncLifetime
{
    private const string Delivered = "200 delivered";

    private readonly Clock _clock = new();
    private Issuer _issuer = null!;

    public async ValueTask InitializeAsync() => _issuer = await Issuer.StartAsync();

    public ValueTask DisposeAsync() => _issuer.DisposeAsync();

    [Fact]
    public async Task Keys_of_the_discovery_document_let_in_and_others_do_not()
    {
        await using Service service = await StartAsync();
        using RSA other = RSA.Create(2048);

        Assert.Equal(Delivered, await service.AskAsync(Tokens.Signed(_issuer.Key, keyId: "one")));
        Assert.Equal(Delivered, await service.AskAsync(Tokens.Signed(_issuer.Key)));
        Assert.Equal("401 TokenSignatureWrong", await service.AskAsync(Tokens.Signed(other, keyId: "one")));
        Assert.Equal("401 TokenMissing", await service.AskAsync());
        Assert.Equal("401 TokenAudienceWrong", await service.AskAsync(Tokens.Signed(_issuer.Key, Tokens.Claims(("aud", "urn:music")))));
        Assert.Equal((1, 1), (_issuer.Documents, _issuer.KeySets));
    }

    /// <summary>The document's own issuer is not what the policy asks for.</summary>
    [Fact]
    public async Task The_issuer_is_the_policy_s_whatever_the_document_says()
    {
        _issuer.Name = "https://somebody-else.example.com";
        await using Service service = await StartAsync();

        Assert.Equal(Delivered, await service.AskAsync(Tokens.Signed(_issuer.Key)));
        Assert.Equal("401 TokenIssuerWrong", await service.AskAsync(Tokens.Signed(_issuer.Key, Tokens.Claims(("iss", _issuer.Name)))));
    }

    [Fact]
    public async Task Keys_that_roll_over_are_found_and_forged_tokens_do_not_trouble_the_issuer()
    {
        await using Service service = await StartAsync();
        RSA before = _issuer.Key;
        Assert.Equal(Delivered, await service.AskAsync(Tokens.Signed(before, keyId: "one")));
        _issuer.RollOver("two");

        Assert.Equal("401 TokenSignatureWrong", await service.AskAsync(Tokens.Signed(_issuer.Key, keyId: "two")));
        _clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(Delivered, await service.AskAsync(Tokens.Signed(_issuer.Key, keyId: "two")));
        Assert.Equal("401 TokenSignatureWrong", await service.AskAsync(Tokens.Signed(before, keyId: "one")));
        using RSA other = RSA.Create(2048);
        string forged = Tokens.Signed(other, keyId: "three");
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => service.AskAsync(forged)));
        Assert.Equal(2, _issuer.Documents);
    }

    [Fact]
    public async Task Keys_are_looked_up_again_after_half_a_day_and_kept_while_the_issuer_is_away()
    {
        await using Service service = await StartAsync();
        string token = Tokens.Signed(_issuer.Key);
        Assert.Equal(Delivered, await service.AskAsync(token));
        _clock.Advance(TimeSpan.FromHours(13));
        Assert.Equal(Delivered, await service.AskAsync(token));
        Assert.Equal(2, _issuer.Documents);

        _issuer.IsAway = true;
        _clock.Advance(TimeSpan.FromHours(13));
        Assert.Equal(Delivered, await service.AskAsync(token));
        Assert.Contains("IssuerUnavailable", service.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_issuer_nobody_gets_in_and_with_it_again_everybody_does_who_may()
    {
        _issuer.IsAway = true;
        await using Service service = await StartAsync();
        string token = Tokens.Signed(_issuer.Key);

        Assert.Equal("503 IssuerUnavailable", await service.AskAsync(token));
        int asked = _issuer.Documents;
        _issuer.IsAway = false;
        Assert.Equal("503 IssuerUnavailable", await service.AskAsync(token));
        Assert.Equal(asked, _issuer.Documents);
        _clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(Delivered, await service.AskAsync(token));
        Assert.DoesNotContain(token, service.Log.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "keys": [] }""")]
    [InlineData("""{ "keys": [ { "kty": "oct", "kid": "one", "k": "YS1zaGFyZWQtc2VjcmV0LW9mLXNvbWUtNDAtYnl0ZXMtb3ItbW9yZQ" } ] }""")]
    [InlineData("nothing of the kind")]
    public async Task A_key_set_without_a_public_key_lets_nobody_in(string keySet)
    {
        _issuer.KeySet = keySet;
        await using Service service = await StartAsync();

        Assert.Equal("503 IssuerUnavailable", await service.AskAsync(Tokens.Hmac(Tokens.Secret)));
    }

    [Theory]
    [InlineData("http://issuer.example.com/.well-known/openid-configuration")]
    [InlineData("file:///etc/passwd")]
    [InlineData("nowhere")]
    public async Task A_document_without_https_is_not_asked_for(string address)
    {
        await using Service service = await Service.StartAsync(Policies.Of(Policies.Token(null, ("openIdConnectDiscoveryDocument", address))));

        Assert.Equal("403 PolicyUnusable", await service.AskAsync(Tokens.Hmac(Tokens.Secret)));
    }

    private Task<Service> StartAsync() =>
        Service.StartAsync(Policies.Of(Policies.Token(null, ("openIdConnectDiscoveryDocument", _issuer.Address))), time: _clock);

    private sealed class Clock : TimeProvider
    {
        private TimeSpan _ahead;

        public void Advance(TimeSpan by) => _ahead += by;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UtcNow + _ahead;
    }

    /// <summary>Somebody who signs tokens.</summary>
    private sealed class Issuer : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private string _keyId = "one";
        private int _documents;
        private int _keySets;

        private Issuer(WebApplication app)
        {
            _app = app;
            app.Run(AnswerAsync);
        }

        public RSA Key { get; private set; } = RSA.Create(2048);

        public string Name { get; set; } = Tokens.Issuer;

        public string? KeySet { get; set; }

        public bool IsAway { get; set; }

        public int Documents => _documents;

        public int KeySets => _keySets;

        public string Address => _app.Urls.Single() + "/.well-known/openid-configuration";

        public static async Task<Issuer> StartAsync()
        {
            WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
            builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
            var issuer = new Issuer(builder.Build());
            await issuer._app.StartAsync();
            return issuer;
        }

        public void RollOver(string keyId) => (_keyId, Key) = (keyId, RSA.Create(2048));

        public ValueTask DisposeAsync() => _app.DisposeAsync();

        private Task AnswerAsync(HttpContext context)
        {
            bool isDocument = context.Request.Path.Value!.EndsWith("openid-configuration", StringComparison.Ordinal);
            Interlocked.Increment(ref isDocument ? ref _documents : ref _keySets);
            if (IsAway)
            {
                context.Response.StatusCode = 503;
                return Task.CompletedTask;
            }

            RSAParameters key = Key.ExportParameters(false);
            return context.Response.WriteAsync(isDocument
                ? new JsonObject { ["issuer"] = Name, ["jwks_uri"] = _app.Urls.Single() + "/keys" }.ToJsonString()
                : KeySet ?? new JsonObject
                {
                    ["keys"] = new JsonArray(new JsonObject
                    {
                        ["kty"] = "RSA",
                        ["use"] = "sig",
                        ["kid"] = _keyId,
                        ["n"] = Base64Url.EncodeToString(key.Modulus!),
                        ["e"] = Base64Url.EncodeToString(key.Exponent!),
                    }),
                }.ToJsonString());
        }
    }
}
