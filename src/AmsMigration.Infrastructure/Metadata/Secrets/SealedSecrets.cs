using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AmsMigration.Metadata;
using AmsMigration.Packaging;
using Jose;

namespace AmsMigration.Infrastructure.Metadata.Secrets;

/// <summary>
/// In files of JSON Web Encryption (RFC 7516, compact), which many libraries read. Secrets are encrypted directly with a data key (A256CBC-HS512); that key lies
/// beside them, encrypted with the passphrase (PBES2-HS512+A256KW, RFC 7518 4.8) or to the certificate (RSA-OAEP-256). So opening thousands of them costs one
/// derivation of the passphrase.
/// </summary>
internal sealed class SealedSecrets : ISecretStore
{
    public const string PassphrasePlace = "files with a passphrase";
    private const string Extension = ".jwe";
    private const string KeyId = "kid";
    private const int DataKeyLength = 64;

    /// <summary>OWASP's advice for PBKDF2 with HMAC-SHA-512 is 210,000.</summary>
    private const int Iterations = 210_000;

    private const string PassphraseKey = "keys/passphrase.key.jwe";

    private readonly ExportFolder _folder;
    private readonly SecretsTarget _target;
    private readonly ConcurrentDictionary<string, byte[]?> _dataKeys = new(StringComparer.Ordinal);
    private (string Id, byte[] Key)? _own;

    private SealedSecrets(ExportFolder folder, SecretsTarget target)
    {
        _folder = folder;
        _target = target;
    }

    public string Name => _target.Certificate is X509Certificate2 certificate ? $"files for certificate {certificate.Thumbprint}" : PassphrasePlace;

    /// <summary>For writing and reading.</summary>
    /// <exception cref="PackagingException"><c>PassphraseWrong</c>: what is there was encrypted with another one; <c>CertificateWrong</c>: it has no RSA key.</exception>
    public static async Task<SealedSecrets> OpenAsync(ExportFolder folder, SecretsTarget target, CancellationToken cancellation)
    {
        var secrets = new SealedSecrets(folder, target);
        string id = target.Certificate is X509Certificate2 certificate ? $"{certificate.Thumbprint}-{Guid.NewGuid():N}" : "passphrase";
        string path = PathOf(id);
        if (await folder.ReadAsync(path, cancellation).ConfigureAwait(false) is byte[] file)
        {
            secrets._own = (id, secrets.Unwrap(file)!);
            return secrets;
        }

        byte[] key = new byte[DataKeyLength];
        using (var random = RandomNumberGenerator.Create())
        {
            random.GetBytes(key);
        }

        await folder.WriteAsync(path, secrets.Wrap(key, id), cancellation).ConfigureAwait(false);
        secrets._own = (id, key);
        return secrets;
    }

    /// <summary>For reading alone.</summary>
    public static SealedSecrets ForReading(ExportFolder folder, SecretsTarget target) => new(folder, target);

    public Task SaveAsync(SecretKind kind, string id, byte[] json, CancellationToken cancellation)
    {
        (string keyId, byte[] key) = _own!.Value;
        string token = JWE.EncryptBytes(json, [new JweRecipient(JweAlgorithm.DIR, key)], JweEncryption.A256CBC_HS512, mode: SerializationMode.Compact,
            extraProtectedHeaders: new Dictionary<string, object> { [KeyId] = keyId });
        return _folder.WriteAsync(SecretFiles.PathOf(kind, id, Extension), System.Text.Encoding.ASCII.GetBytes(token), cancellation);
    }

    public async Task<byte[]?> FindAsync(SecretKind kind, string id, CancellationToken cancellation)
    {
        byte[]? file = await _folder.ReadAsync(SecretFiles.PathOf(kind, id, Extension), cancellation).ConfigureAwait(false);
        if (file is null)
        {
            return null;
        }

        string token = System.Text.Encoding.ASCII.GetString(file);
        try
        {
            return JWT.Headers(token).TryGetValue(KeyId, out object? name) && await FindDataKeyAsync(name.ToString()!, cancellation).ConfigureAwait(false) is byte[] key
                ? JWT.DecodeBytes(token, key, JweAlgorithm.DIR, JweEncryption.A256CBC_HS512)
                : null;
        }
        catch (Exception e) when (IsBad(e))
        {
            throw new PackagingException("SecretUnreadable", $"it cannot be decrypted: {e.Message}", SecretFiles.PathOf(kind, id, Extension), inner: e);
        }
    }

    private static string PathOf(string keyId) => keyId == "passphrase" ? PassphraseKey : $"keys/{ExportFolder.FileName(keyId)}.key.jwe";

    private static bool IsBad(Exception e) => e is JoseException or CryptographicException or FormatException or ArgumentException or InvalidOperationException;

    private async Task<byte[]?> FindDataKeyAsync(string id, CancellationToken cancellation)
    {
        if (_own?.Id == id)
        {
            return _own.Value.Key;
        }

        if (!_dataKeys.TryGetValue(id, out byte[]? key))
        {
            byte[]? file = await _folder.ReadAsync(PathOf(id), cancellation).ConfigureAwait(false);
            _dataKeys[id] = key = file is null ? null : Unwrap(file);
        }

        return key;
    }

    private byte[] Wrap(byte[] key, string id)
    {
        var headers = new Dictionary<string, object> { [KeyId] = id };
        string token;
        if (_target.Certificate is X509Certificate2 certificate)
        {
            using RSA rsa = certificate.GetRSAPublicKey()
                ?? throw new PackagingException("CertificateWrong", $"the certificate '{certificate.Subject}' has no RSA key, and keys are encrypted to no other");
            token = JWT.EncodeBytes(key, rsa, JweAlgorithm.RSA_OAEP_256, JweEncryption.A256CBC_HS512, extraHeaders: headers);
        }
        else
        {
            token = JWT.EncodeBytes(key, _target.Passphrase!, JweAlgorithm.PBES2_HS512_A256KW, JweEncryption.A256CBC_HS512, extraHeaders: headers, settings: Settings());
        }

        return System.Text.Encoding.ASCII.GetBytes(token);
    }

    /// <summary>Null where it takes a private key that is not here.</summary>
    private byte[]? Unwrap(byte[] file)
    {
        string token = System.Text.Encoding.ASCII.GetString(file);
        try
        {
            if (_target.Certificate is X509Certificate2 certificate)
            {
                using RSA? rsa = certificate.HasPrivateKey ? certificate.GetRSAPrivateKey() : null;
                return rsa is null ? null : JWT.DecodeBytes(token, rsa, JweAlgorithm.RSA_OAEP_256, JweEncryption.A256CBC_HS512);
            }

            return JWT.DecodeBytes(token, _target.Passphrase!, JweAlgorithm.PBES2_HS512_A256KW, JweEncryption.A256CBC_HS512, Settings());
        }
        catch (Exception e) when (IsBad(e))
        {
            throw _target.Certificate is null
                ? new PackagingException("PassphraseWrong", "the keys that are there were encrypted with another passphrase, or their file is damaged", PassphraseKey, inner: e)
                : new PackagingException("CertificateWrong", "the keys that are there were encrypted to another certificate, or their file is damaged", inner: e);
        }
    }

    private static JwtSettings Settings() => new JwtSettings().RegisterJwa(
        JweAlgorithm.PBES2_HS512_A256KW, new Pbse2HmacShaKeyManagementWithAesKeyWrap(256, new AesKeyWrapManagement(256), Iterations, 1000));
}
