using Microsoft.IdentityModel.Tokens;

namespace AmsMigration.KeyService.Policies;

/// <summary>Keys that sign tokens, and the algorithms that they may be used with: a public key is never taken for a shared secret.</summary>
internal interface IVerifier
{
    IReadOnlyList<string> Algorithms { get; }

    /// <summary>The keys of now; null where they cannot be had.</summary>
    /// <param name="failed">Those with which a signature did not fit: where they may have changed they are looked up again. The same again where there are no others.</param>
    ValueTask<IReadOnlyList<SecurityKey>?> FindKeysAsync(IReadOnlyList<SecurityKey>? failed, CancellationToken cancellation);
}

/// <summary>A key that the policy holds.</summary>
internal sealed class GivenVerifier(SecurityKey key, IReadOnlyList<string> algorithms) : IVerifier
{
    private readonly IReadOnlyList<SecurityKey> _keys = [key];

    public IReadOnlyList<string> Algorithms => algorithms;

    public ValueTask<IReadOnlyList<SecurityKey>?> FindKeysAsync(IReadOnlyList<SecurityKey>? failed, CancellationToken cancellation) => new(_keys);
}

/// <summary>Signature algorithms (RFC 7518 3.1) by kind of key.</summary>
internal static class SignatureAlgorithms
{
    public static readonly IReadOnlyList<string> Symmetric = [SecurityAlgorithms.HmacSha256, SecurityAlgorithms.HmacSha384, SecurityAlgorithms.HmacSha512];

    public static readonly IReadOnlyList<string> Rsa =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
    ];

    public static readonly IReadOnlyList<string> Ecdsa = [SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512];

    /// <summary>Of public keys.</summary>
    public static readonly IReadOnlyList<string> Asymmetric = [.. Rsa, .. Ecdsa];
}
