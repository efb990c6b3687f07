using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace AmsMigration.KeyService.Tests;

/// <summary>JSON Web Tokens, put together by hand so that wrong ones can be made, too.</summary>
internal static class Tokens
{
    public const string Issuer = "https://issuer.example.com";
    public const string Audience = "urn:video";

    public static readonly byte[] Secret = Encoding.ASCII.GetBytes("a-shared-secret-of-some-40-bytes-or-more");

    /// <summary>Claims of a good token; later ones replace them, and null removes them.</summary>
    public static Dictionary<string, object> Claims(params (string Name, object? Value)[] changes)
    {
        long now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var claims = new Dictionary<string, object> { ["iss"] = Issuer, ["aud"] = Audience, ["nbf"] = now - 60, ["exp"] = now + 600 };
        foreach ((string name, object? value) in changes)
        {
            claims.Remove(name);
            if (value is not null)
            {
                claims[name] = value;
            }
        }

        return claims;
    }

    public static string Hmac(byte[] secret, Dictionary<string, object>? claims = null, string algorithm = "HS256") => Make(algorithm, claims ?? Claims(), null, data => algorithm switch
    {
        "HS512" => HMACSHA512.HashData(secret, data),
        "HS384" => HMACSHA384.HashData(secret, data),
        _ => HMACSHA256.HashData(secret, data),
    });

    public static string Signed(RSA key, Dictionary<string, object>? claims = null, string algorithm = "RS256", string? keyId = null) => Make(algorithm, claims ?? Claims(), keyId, data =>
        key.SignData(data, HashAlgorithmName.SHA256, algorithm[0] == 'P' ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1));

    public static string Signed(ECDsa key, Dictionary<string, object>? claims = null) => Make("ES256", claims ?? Claims(), null, data => key.SignData(data, HashAlgorithmName.SHA256));

    public static string Unsigned(Dictionary<string, object>? claims = null, string algorithm = "none") => Make(algorithm, claims ?? Claims(), null, _ => []);

    private static string Make(string algorithm, Dictionary<string, object> claims, string? keyId, Func<byte[], byte[]> sign)
    {
        var header = new Dictionary<string, object> { ["alg"] = algorithm, ["typ"] = "JWT" };
        if (keyId is not null)
        {
            header["kid"] = keyId;
        }

        string data = $"{Encode(JsonSerializer.SerializeToUtf8Bytes(header))}.{Encode(JsonSerializer.SerializeToUtf8Bytes(claims))}";
        return $"{data}.{Encode(sign(Encoding.ASCII.GetBytes(data)))}";
    }

    private static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
