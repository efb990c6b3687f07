using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace AmsMigration.KeyService.Policies;

/// <summary>
/// The signing keys of an OpenID Connect discovery document. They are looked up again twice a day, and when a signature fits none of them: keys roll over. However
/// many forged tokens come, the issuer is asked twice a minute at most. Safe for use by several threads.
/// </summary>
/// <param name="address">Of the document; HTTPS, or on this machine.</param>
internal sealed class DiscoveredVerifier(Uri address, HttpClient client, ILogger logger, TimeProvider time) : IVerifier
{
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    private readonly HttpDocumentRetriever _documents = new(client) { RequireHttps = !address.IsLoopback };
    private readonly Lock _starting = new();
    private IReadOnlyList<SecurityKey>? _keys;
    private DateTimeOffset _asked = DateTimeOffset.MinValue;
    private Task? _asking;

    public IReadOnlyList<string> Algorithms => SignatureAlgorithms.Asymmetric;

    public async ValueTask<IReadOnlyList<SecurityKey>?> FindKeysAsync(IReadOnlyList<SecurityKey>? failed, CancellationToken cancellation)
    {
        Task? asking;
        lock (_starting)
        {
            TimeSpan age = time.GetUtcNow() - _asked;
            bool isOld = _keys is null || ReferenceEquals(_keys, failed) || age > Lifetime;
            if (isOld && age > Pause && _asking is null or { IsCompleted: true })
            {
                _asked = time.GetUtcNow();
                _asking = AskAsync();
            }

            asking = isOld ? _asking : null;
        }

        await (asking?.WaitAsync(cancellation) ?? Task.CompletedTask);
        return Volatile.Read(ref _keys);
    }

    /// <summary>Keeps what it has where the issuer does not answer.</summary>
    private async Task AskAsync()
    {
        try
        {
            OpenIdConnectConfiguration document = await OpenIdConnectConfigurationRetriever.GetAsync(address.AbsoluteUri, _documents, CancellationToken.None);
            IReadOnlyList<SecurityKey> keys = [.. document.SigningKeys.Where(key => key is not SymmetricSecurityKey)];
            if (keys.Count > 0)
            {
                Volatile.Write(ref _keys, keys);
                return;
            }

            logger.LogError("IssuerUnavailable: {Address} names no signing key", address.GetLeftPart(UriPartial.Path));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            logger.LogError("IssuerUnavailable: {Address} cannot be read: {Reason}", address.GetLeftPart(UriPartial.Path), e.GetBaseException().Message.Split('\n')[0]);
        }
    }
}
