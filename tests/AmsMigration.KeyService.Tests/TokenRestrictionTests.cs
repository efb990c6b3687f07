using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AmsMigration.KeyService.Tests;

/// <summary>Who gets a key, by the restriction of its policy.</summary>
public sealed class TokenRestrictionTests
{
    private const string Delivered = "200 delivered";
    private const string KeyIdentifier = "urn:microsoft:azure:mediaservices:contentkeyidentifier";
    private const string MaxUses = "urn:microsoft:azure:mediaservices:maxuses";

    private static readonly RSA _rsa = RSA.Create(2048);
    private static readonly RSA _otherRsa = RSA.Create(2048);
    private static readonly ECDsa _curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private static readonly X509Certificate2 _certificate = Certify(new CertificateRequest("CN=signer", _rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    private static readonly X509Certificate2 _curveCertificate = Certify(new CertificateRequest("CN=signer", _curve, HashAlgorithmName.SHA256));

    public static TheoryData<string> Kinds => ["symmetric", "rsa", "x509", "x509 of a curve"];

    [Fact]
    public async Task An_open_restriction_lets_everybody_in()
    {
        await using Service service = await Service.StartAsync(Policies.Of(Policies.Open()));

        Assert.Equal(Delivered, await service.AskAsync());
        Assert.Equal(Delivered, await service.AskAsync("whatever"));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_token_lets_in_that_the_policy_s_key_has_signed_and_no_other(string kind)
    {
        (JsonObject key, Func<Dictionary<string, object>, string> sign, string forged) = Signer(kind);
        await using Service service = await Service.StartAsync(Policies.Of(Policies.Token(key)));
        long now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();

        Assert.Equal(Delivered, await service.AskAsync(sign(Tokens.Claims())));
        Assert.Equal("401 TokenMissing", await service.AskAsync());
        Assert.Equal("401 TokenSignatureWrong", await service.AskAsync(forged));
        Assert.Equal("401 TokenExpired", await service.AskAsync(sign(Tokens.Claims(("exp", now - 301), ("nbf", now - 900)))));
        Assert.Equal(Delivered, await service.AskAsync(sign(Tokens.Claims(("exp", now - 240), ("nbf", now - 900)))));
        Assert.Equal("401 TokenExpired", await service.AskAsync(sign(Tokens.Claims(("exp", null)))));
        Assert.Equal("401 TokenNotYetValid", await service.AskAsync(sign(Tokens.Claims(("nbf", now + 330)))));
        Assert.Equal(Delivered, await service.AskAsync(sign(Tokens.Claims(("nbf", now + 240)))));
        Assert.Equal("401 TokenIssuerWrong", await service.AskAsync(sign(Tokens.Claims(("iss", "https://other.example.com")))));
        Assert.Equal("401 TokenIssuerWrong", await service.AskAsync(sign(Tokens.Claims(("iss", null)))));
        Assert.Equal("401 TokenAudienceWrong", await service.AskAsync(sign(Tokens.Claims(("aud", "urn:music")))));
        Assert.Equal("401 TokenAudienceWrong", await service.AskAsync(sign(Tokens.Claims(("aud", null)))));
        Assert.Equal(Delivered, await service.AskAsync(sign(Tokens.Claims(("aud", new[] { "urn:music", Tokens.Audience })))));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Tokens_without_or_with_another_kind_of_signature_are_refused(string kind)
    {
        (JsonObject key, Func<Dictionary<string, object>, string> sign, _) = Signer(kind);
        await using Service service = await Service.StartAsync(Policies.Of(Policies.Token(key)));
        string good = sign(Tokens.Claims());
        string[] parts = good.Split('.');
        byte[] pem = Encoding.ASCII.GetBytes(_rsa.ExportSubjectPublicKeyInfoPem());

        // A public key taken for a shared secret, in every form in which it is public.
        foreach (byte[] secret in new[] { pem, _rsa.ExportSubjectPublicKeyInfo(), _rsa.ExportRSAPublicKey(), _rsa.ExportParameters(false).Modulus!, _certificate.RawData, [] })
        {
            Assert.Equal("401 TokenSignatureWrong", await service.AskAsync(Tokens.Hmac(secret)));
        }

        string[] forged =
        [
            Tokens.Unsigned(), Tokens.Unsigned(algorithm: "None"), Tokens.Unsigned(algorithm: ""), Tokens.Unsigned(algorithm: "HS256"), Tokens.Unsigned(algorithm: "RS256"),
            $"{parts[0]}.{parts[1]}.", $"{Tokens.Unsigned().Split('.')[0]}.{parts[1]}.{parts[2]}",
            $"{parts[0]}.{Tokens.Unsigned(Tokens.Claims(("exp", 4102444800))).Split('.')[1]}.{parts[2]}",
        ];
        foreach (string token in forged)
        {
            Assert.Contains(await service.AskAsync(token), new[] { "401 TokenSignatureWrong", "401 TokenMalformed" });
        }

        foreach (string token in new[] { "x", "a.b", "a.b.c", "..", "....", $"{good}.x", $"{good}.x.y", "e30.e30.", new string('a', 9000) })
        {
            Assert.Contains(await service.AskAsync(token), new[] { "401 TokenSignatureWrong", "401 TokenMalformed" });
        }
    }

    [Theory]
    [InlineData(16)]
    [InlineData(20)]
    [InlineData(32)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(200)]
    public async Task Shared_secrets_of_every_length_verify_every_hash(int length)
    {
        byte[] secret = [.. Enumerable.Range(1, length).Select(i => (byte)i)];
        await using Service service = await Service.StartAsync(Policies.Of(Policies.Token(Policies.Symmetric(secret))));

        foreach (string algorithm in new[] { "HS256", "HS384", "HS512" })
        {
            Assert.Equal(Delivered, await service.AskAsync(Tokens.Hmac(secret, algorithm: algorithm)));
            Assert.Equal("401 TokenSignatureWrong", await service.AskAsync(Tokens.Hmac(secret[..^1], algorithm: algorithm)));
        }
    }

    [Fact]
    public async Task Alternate_keys_of_another_kind_let_in_as_the_primary_one_does()
    {
        JsonObject option = Policies.Token(
            Policies.Symmetric(Tokens.Secret), ("alternateVerificationKeys", new JsonArray(Policies.Rsa(_rsa), Policies.Symmetric(Encoding.ASCII.GetBytes("another-secret-key")))));
        await using Service service = await Service.StartAsync(Policies.Of(option));

        Assert.Equal(Delivered, await service.AskAsync(Tokens.Hmac(Tokens.Secret)));
        Assert.Equal(Delivered, await service.AskAsync(Tokens.Signed(_rsa)));
        Assert.Equal(Delivered, await service.AskAsync(Tokens.Signed(_rsa, algorithm: "PS256", keyId: "unheard-of")));
        Assert.Equal(Delivered, await service.AskAsync(Tokens.Hmac(Encoding.ASCII.GetBytes("another-secret-key"))));
        Assert.Equal("401 TokenSignatureWrong", await service.AskAsync(Tokens.Signed(_otherRsa)));
        Assert.Equal("401 TokenSignatureWrong", await service.AskAsync(Tokens.Hmac(_rsa.ExportParameters(false).Modulus!)));
    }

    [Fact]
    public async Task Required_claims_have_to_be_there_with_their_values()
    {
        JsonObject option = Policies.Token(
            Policies.Symmetric(Tokens.Secret), ("requiredClaims", Policies.Claims((KeyIdentifier, null), ("DRM", "Widevine"), ("level", "3"), ("sub", null))));
        await using Service service = await Service.StartAsync(Policies.Of(option));
        (string, object?)[] all = [(KeyIdentifier, Service.KeyId.ToString()), ("DRM", "Widevine"), ("level", 3), ("sub", "me")];
        string Make(params (string, object?)[] changes) => Tokens.Hmac(Tokens.Secret, Tokens.Claims([.. all, .. changes]));

        Assert.Equal(Delivered, await service.AskAsync(Make()));
        Assert.Equal(Delivered, await service.AskAsync(Make((KeyIdentifier, "nb:kid:UUID:" + Service.KeyId.ToString("D").ToUpperInvariant()))));
        Assert.Equal(Delivered, await service.AskAsync(Make(("DRM", new[] { "PlayReady", "Widevine" }))));
        foreach (string claim in new[] { KeyIdentifier, "DRM", "level", "sub" })
        {
            Assert.Equal("403 TokenClaimMissing", await service.AskAsync(Make((claim, null))));
        }

        Assert.Equal("403 TokenClaimMissing", await service.AskAsync(Make(("DRM", "widevine"))));
        Assert.Equal("403 TokenKeyWrong", await service.AskAsync(Make((KeyIdentifier, Guid.NewGuid().ToString()))));
        Assert.Equal("403 TokenKeyWrong", await service.AskAsync(Make((KeyIdentifier, ""))));
    }

    [Fact]
    public async Task Any_option_lets_in_and_otherwise_the_closest_is_named()
    {
        await using Service service = await Service.StartAsync(Policies.Of(
            Policies.Token(Policies.Symmetric(Tokens.Secret)),
            Policies.Token(Policies.Rsa(_rsa), ("audience", "urn:other")),
            Policies.Option(new JsonObject { ["@odata.type"] = "#Microsoft.Media.ContentKeyPolicyOpenRestriction" }, "WidevineConfiguration")));

        Assert.Equal(Delivered, await service.AskAsync(Tokens.Hmac(Tokens.Secret)));
        Assert.Equal(Delivered, await service.AskAsync(Tokens.Signed(_rsa, Tokens.Claims(("aud", "urn:other")))));
        Assert.Equal("401 TokenAudienceWrong", await service.AskAsync(Tokens.Signed(_rsa)));
        Assert.Equal("401 TokenMissing", await service.AskAsync());
    }

    [Theory]
    [InlineData("WidevineConfiguration")]
    [InlineData("PlayReadyConfiguration")]
    [InlineData("FairPlayConfiguration")]
    [InlineData("UnknownConfiguration")]
    public async Task Keys_that_only_licences_of_other_systems_may_hold_are_not_handed_out_in_the_clear(string configuration)
    {
        var open = new JsonObject { ["@odata.type"] = "#Microsoft.Media.ContentKeyPolicyOpenRestriction" };
        await using Service service = await Service.StartAsync(Policies.Of(Policies.Option(open, configuration)));

        Assert.Equal("403 KeySystemElsewhere", await service.AskAsync());
    }

    [Theory]
    [InlineData("""{ "@odata.type": "#Microsoft.Media.ContentKeyPolicyUnknownRestriction" }""", "403 RestrictionUnknown")]
    [InlineData("""{ "@odata.type": "#Microsoft.Media.ContentKeyPolicyGeoRestriction" }""", "403 RestrictionUnknown")]
    [InlineData("""{ "@odata.type": "OpenRestriction!" }""", "403 RestrictionUnknown")]
    [InlineData("{}", "403 RestrictionUnknown")]
    [InlineData("null", "403 RestrictionUnknown")]
    [InlineData("""{ "@odata.type": "#Microsoft.Media.ContentKeyPolicyTokenRestriction" }""", "403 TokenTypeUnsupported")]
    [InlineData("""{ "@odata.type": "#Microsoft.Media.ContentKeyPolicyTokenRestriction", "restrictionTokenType": "Swt" }""", "403 TokenTypeUnsupported")]
    [InlineData("""{ "@odata.type": "#Microsoft.Media.ContentKeyPolicyTokenRestriction", "restrictionTokenType": "Jwt", "issuer": "a", "audience": "b" }""", "403 PolicyUnusable")]
    public async Task A_restriction_that_is_not_understood_lets_nobody_in(string restriction, string outcome)
    {
        await using Service service = await Service.StartAsync(Policies.Of(Policies.Option(JsonNode.Parse(restriction)?.AsObject()!)));

        Assert.Equal(outcome, await service.AskAsync());
        Assert.Equal(outcome, await service.AskAsync(Tokens.Unsigned()));
        Assert.Contains(outcome[4..], service.Log.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("(secret)")]
    [InlineData("AAA=")]
    [InlineData("AAAAAAAAAAAAAAAAAAAA")]
    public async Task A_shared_secret_that_is_empty_hidden_or_short_verifies_nothing(string value)
    {
        JsonObject key = Policies.Symmetric([]);
        key["keyValue"] = value;
        await using Service service = await Service.StartAsync(Policies.Of(Policies.Token(key)));

        Assert.Equal("403 PolicyUnusable", await service.AskAsync(Tokens.Hmac([])));
        Assert.Equal("403 PolicyUnusable", await service.AskAsync(Tokens.Hmac(new byte[15])));
        Assert.Contains("VerificationKeyUnusable", service.Log.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("issuer")]
    [InlineData("audience")]
    public async Task A_policy_without_issuer_or_audience_lets_nobody_in(string property)
    {
        await using Service service = await Service.StartAsync(Policies.Of(Policies.Token(Policies.Symmetric(Tokens.Secret), (property, null))));

        Assert.Equal("403 PolicyUnusable", await service.AskAsync(Tokens.Hmac(Tokens.Secret)));
        Assert.Equal("403 PolicyUnusable", await service.AskAsync(Tokens.Hmac(Tokens.Secret, Tokens.Claims((property == "issuer" ? "iss" : "aud", null)))));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{ "options": [] }""")]
    [InlineData("""{ "options": null }""")]
    public async Task A_policy_without_options_lets_nobody_in(string policy)
    {
        await using Service service = await Service.StartAsync(JsonSerializer.Deserialize<JsonElement>(policy));

        Assert.Equal("403 PolicyMissing", await service.AskAsync());
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("""{ "options": [ "open" ] }""")]
    [InlineData("""{ "options": [ { "restriction": { "@odata.type": 5 } } ] }""")]
    public async Task What_is_no_policy_stops_the_service_from_starting(string policy)
    {
        StartException e = await Assert.ThrowsAsync<StartException>(() => Service.StartAsync(JsonSerializer.Deserialize<JsonElement>(policy)));

        Assert.Equal("PolicyUnreadable", e.Code);
    }

    [Fact]
    public async Task A_token_of_limited_uses_lets_in_that_many_times()
    {
        await using Service service = await Service.StartAsync(Policies.Of(Policies.Token(Policies.Symmetric(Tokens.Secret))));
        long now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        string twice = Tokens.Hmac(Tokens.Secret, Tokens.Claims((MaxUses, 2)));
        string asText = Tokens.Hmac(Tokens.Secret, Tokens.Claims((MaxUses, "1"), ("jti", "b")));

        Assert.Equal(Delivered, await service.AskAsync(twice));
        Assert.Equal(Delivered, await service.AskAsync(twice));
        Assert.Equal("403 TokenUsedUp", await service.AskAsync(twice));
        // The last of 43 characters of base64url has two bits that say nothing.
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        string otherwise = twice[..^1] + Alphabet[Alphabet.IndexOf(twice[^1], StringComparison.Ordinal) ^ 1];
        Assert.NotEqual(Delivered, await service.AskAsync(otherwise));
        Assert.Equal(Delivered, await service.AskAsync(asText));
        Assert.Equal("403 TokenUsedUp", await service.AskAsync(asText));
        Assert.Equal("403 TokenUsedUp", await service.AskAsync(Tokens.Hmac(Tokens.Secret, Tokens.Claims((MaxUses, 5), ("exp", now + 4000)))));
        Assert.Equal("403 TokenUsedUp", await service.AskAsync(Tokens.Hmac(Tokens.Secret, Tokens.Claims((MaxUses, "many")))));
    }

    [Fact]
    public async Task A_key_under_several_policies_goes_to_whom_all_of_them_let_in()
    {
        await using Service service = await Service.StartAsync((ring, reader) => ring.Add(new(
            Service.KeyId,
            [reader.Read("open", Policies.Of(Policies.Open())), reader.Read("tokens", Policies.Of(Policies.Token(Policies.Symmetric(Tokens.Secret))))],
            () => Task.FromResult(new Packaging.Protection.ContentKey(Service.KeyId, Service.Key)))));

        Assert.Equal("401 TokenMissing", await service.AskAsync());
        Assert.Equal(Delivered, await service.AskAsync(Tokens.Hmac(Tokens.Secret)));
    }

    private static (JsonObject Key, Func<Dictionary<string, object>, string> Sign, string Forged) Signer(string kind) => kind switch
    {
        "symmetric" => (Policies.Symmetric(Tokens.Secret), claims => Tokens.Hmac(Tokens.Secret, claims), Tokens.Hmac(Encoding.ASCII.GetBytes("another-shared-secret-of-40-bytes-or-more"))),
        "rsa" => (Policies.Rsa(_rsa), claims => Tokens.Signed(_rsa, claims), Tokens.Signed(_otherRsa)),
        "x509" => (Policies.Certificate(_certificate), claims => Tokens.Signed(_rsa, claims), Tokens.Signed(_otherRsa)),
        _ => (Policies.Certificate(_curveCertificate), claims => Tokens.Signed(_curve, claims), Tokens.Signed(_otherRsa)),
    };

    /// <summary>Expired long ago, as those of old policies are.</summary>
    private static X509Certificate2 Certify(CertificateRequest request)
    {
        using X509Certificate2 whole = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddYears(-3), DateTimeOffset.UtcNow.AddYears(-1));
        return X509CertificateLoader.LoadCertificate(whole.Export(X509ContentType.Cert));
    }
}
