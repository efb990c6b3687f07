using System.Text;
using System.Text.RegularExpressions;
using AmsMigration.Accounts;
using AmsMigration.Identity;
using AmsMigration.Infrastructure.Identity;
using Azure;
using Azure.Security.KeyVault.Secrets;

namespace AmsMigration.Infrastructure.Metadata.Secrets;

/// <summary>In a key vault: a secret each, whose value is the service's JSON and whose tags say what it is.</summary>
internal sealed class VaultSecrets : ISecretStore
{
    /// <summary>Of a name: letters, digits and hyphens, at most 127.</summary>
    private static readonly Regex Illegal = new("[^0-9a-zA-Z-]+", RegexOptions.CultureInvariant);

    private readonly SecretClient _client;
    private readonly string _account;

    public VaultSecrets(Uri vault, string account, ITokenSource tokens, SecretClientOptions? options = null)
    {
        _client = new SecretClient(vault, new TokenSourceCredential(tokens), options ?? new SecretClientOptions());
        _account = account;
        Name = vault.AbsoluteUri;
    }

    public string Name { get; }

    public async Task SaveAsync(SecretKind kind, string id, byte[] json, CancellationToken cancellation)
    {
        var secret = new KeyVaultSecret(NameOf(kind, id), Encoding.UTF8.GetString(json));
        secret.Properties.ContentType = "application/json";
        secret.Properties.Tags["account"] = _account;
        secret.Properties.Tags["kind"] = kind.ToString();
        secret.Properties.Tags["id"] = id;
        try
        {
            await _client.SetSecretAsync(secret, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (IsVaults(e, cancellation))
        {
            throw Explain(e);
        }
    }

    public async Task<byte[]?> FindAsync(SecretKind kind, string id, CancellationToken cancellation)
    {
        try
        {
            KeyVaultSecret secret = await _client.GetSecretAsync(NameOf(kind, id), cancellationToken: cancellation).ConfigureAwait(false);
            return Encoding.UTF8.GetBytes(secret.Value);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
        catch (Exception e) when (IsVaults(e, cancellation))
        {
            throw Explain(e);
        }
    }

    private string NameOf(SecretKind kind, string id)
    {
        string file = ExportFolder.FileName($"{_account}-{kind}-{id}");
        string legal = Illegal.Replace(file, "-");
        return "ams-" + (legal == file ? legal : Illegal.Replace(ExportFolder.FileName(file + "?"), "-"));
    }

    private static bool IsVaults(Exception e, CancellationToken cancellation) =>
        e is RequestFailedException or AggregateException or HttpRequestException || (e is OperationCanceledException && !cancellation.IsCancellationRequested);

    /// <summary>Status 0: what one secret meets all meet, so the run ends.</summary>
    private AccountException Explain(Exception e) => e is RequestFailedException { Status: 401 or 403 } refused
        ? new AccountException("KeyVaultForbidden", $"{Name} refused ({refused.Status} {refused.ErrorCode}): {FirstLine(e)}", inner: e)
        : new AccountException("KeyVaultUnavailable", $"{Name}: {FirstLine(e)}", inner: e);

    private static string FirstLine(Exception e) => e.Message.Split('\n')[0].Trim();
}
