using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.IdentityModel.Tokens;

namespace AmsMigration.KeyService.Policies;

/// <summary>Verification keys of the three kinds that a policy can hold.</summary>
internal static class VerificationKeys
{
    /// <summary>Bytes; what is shorter can be guessed.</summary>
    public const int ShortestSecret = 16;

    /// <summary>Bytes; the library refuses what is shorter than the hash, of which SHA-512's is the longest.</summary>
    private const int PaddedSecret = 64;

    /// <summary>Null where it is of no known kind, damaged, or too short.</summary>
    public static IVerifier? TryRead(PolicyDocument.VerificationKey key)
    {
        try
        {
            return key.Kind switch
            {
                "SymmetricTokenKey" => ReadSecret(key.KeyValue),
                "RsaTokenKey" => new GivenVerifier(ReadRsa(key), SignatureAlgorithms.Rsa),
                "X509CertificateTokenKey" => ReadCertificate(key.RawBody),
                _ => null,
            };
        }
        catch (Exception e) when (e is FormatException or CryptographicException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>HMAC fills a key up with zeros to the hash's block (RFC 2104 2), of 64 or 128 bytes: a longer one with zeros at its end signs the same.</summary>
    private static GivenVerifier? ReadSecret(string? value)
    {
        byte[] secret = FromBase64(value);
        if (secret.Length < ShortestSecret)
        {
            return null;
        }

        Array.Resize(ref secret, Math.Max(secret.Length, PaddedSecret));
        return new GivenVerifier(new SymmetricSecurityKey(secret), SignatureAlgorithms.Symmetric);
    }

    private static RsaSecurityKey ReadRsa(PolicyDocument.VerificationKey key)
    {
        var parameters = new RSAParameters { Modulus = FromBase64(key.Modulus), Exponent = FromBase64(key.Exponent) };
        // Says now what is wrong with it, and not to each client.
        using RSA rsa = RSA.Create(parameters);
        return new RsaSecurityKey(parameters);
    }

    private static GivenVerifier? ReadCertificate(string? value)
    {
        X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(FromBase64(value));
        return certificate.GetRSAPublicKey() is not null ? new GivenVerifier(new X509SecurityKey(certificate), SignatureAlgorithms.Rsa)
            : certificate.GetECDsaPublicKey() is ECDsa curve ? new GivenVerifier(new ECDsaSecurityKey(curve), SignatureAlgorithms.Ecdsa)
            : null;
    }

    /// <summary>In either alphabet, with or without padding.</summary>
    private static byte[] FromBase64(string? text) => Base64UrlEncoder.DecodeBytes((text ?? "").TrimEnd('=').Replace('+', '-').Replace('/', '_'));
}
