using System.Text.Json;
using AmsMigration.Identity;
using AmsMigration.Infrastructure.Accounts;
using AmsMigration.Infrastructure.Metadata.Secrets;
using AmsMigration.Metadata;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Protection;
using Azure.Security.KeyVault.Secrets;

namespace AmsMigration.Infrastructure.Metadata;

/// <summary>
/// All content keys of an export and the content key policies that guarded them. What there is is read at once; keys and policies themselves are opened when they
/// are asked for. Safe for use by several threads.
/// </summary>
public sealed class ExportedKeyRing
{
    private readonly ExportSecrets _secrets;
    private readonly Dictionary<Guid, Entry> _entries = [];
    private readonly Dictionary<string, (ExportFolder Folder, string? Place)> _accounts = new(StringComparer.OrdinalIgnoreCase);

    private ExportedKeyRing(ExportSecrets secrets) => _secrets = secrets;

    /// <summary>By id.</summary>
    public IReadOnlyList<ExportedKey> Keys => [.. _entries.Values.Select(entry => new ExportedKey(entry.Id, [.. entry.Policies]))];

    /// <param name="path">An export, or the folder of one account in it.</param>
    /// <param name="opening">What opens keys that are sealed.</param>
    /// <param name="tokens">For key vaults.</param>
    /// <exception cref="PackagingException"><c>ExportNotFound</c>.</exception>
    public static Task<ExportedKeyRing> OpenAsync(string path, SecretsTarget opening, ITokenSource tokens, CancellationToken cancellation) =>
        OpenAsync(path, opening, tokens, null, cancellation);

    internal static async Task<ExportedKeyRing> OpenAsync(
        string path, SecretsTarget opening, ITokenSource tokens, SecretClientOptions? vaultOptions, CancellationToken cancellation)
    {
        var ring = new ExportedKeyRing(new ExportSecrets(opening, tokens, vaultOptions));
        foreach (ExportFolder folder in ExportFolder.FindAll(path))
        {
            await ring.AddAsync(folder, cancellation).ConfigureAwait(false);
        }

        return ring;
    }

    /// <exception cref="PackagingException">
    /// <c>ContentKeyUnavailable</c>: its value was not saved; <c>InvalidContentKey</c>; <c>SecretUnreadable</c>, <c>PassphraseWrong</c> and the like: it does not open.
    /// </exception>
    /// <exception cref="AmsMigration.Accounts.AccountException">The key vault refuses or does not answer.</exception>
    public async Task<ContentKey> ReadKeyAsync(Guid id, CancellationToken cancellation)
    {
        Entry entry = _entries[id];
        byte[]? json = await _secrets.Open(entry.Folder, entry.Place, entry.Account).FindAsync(SecretKind.ContentKey, entry.Name, cancellation).ConfigureAwait(false);
        return json is not null && KeyJson.ContentKey(KeyJson.Parse(json)) is ContentKeyValue value
            ? new ContentKey(id, value.Value)
            : throw new PackagingException("ContentKeyUnavailable", $"the key {id} is known, but its value is not in {entry.Place}");
    }

    /// <summary>What getPolicyPropertiesWithSecrets answered; null where it was not saved.</summary>
    /// <exception cref="PackagingException">It does not open.</exception>
    /// <exception cref="AmsMigration.Accounts.AccountException">The key vault refuses or does not answer.</exception>
    public async Task<JsonElement?> ReadPolicyAsync(ExportedPolicy policy, CancellationToken cancellation)
    {
        (ExportFolder folder, string? place) = _accounts[policy.Account];
        // The place of the last run; where that saved no keys, those of the runs that did.
        IEnumerable<string> places = _entries.Values.Where(entry => entry.Policies.Contains(policy)).Select(entry => entry.Place);
        foreach (string candidate in (place is null ? places : places.Prepend(place)).Distinct())
        {
            byte[]? json = await _secrets.Open(folder, candidate, policy.Account).FindAsync(SecretKind.ContentKeyPolicy, policy.Name, cancellation).ConfigureAwait(false);
            if (json is not null)
            {
                return KeyJson.Parse(json);
            }
        }

        return null;
    }

    private async Task AddAsync(ExportFolder folder, CancellationToken cancellation)
    {
        ExportRecord? record = await ExportRecord.ReadAsync(folder, cancellation).ConfigureAwait(false);
        string account = record?.AccountName ?? "";
        _accounts[account] = (folder, record?.Keys);
        foreach (JsonElement asset in await KindFile.ReadAsync(folder, "assets.json", cancellation).ConfigureAwait(false))
        {
            if (Json.Text(asset, "name") is string name && await AssetFile.ReadAsync(folder, name, cancellation).ConfigureAwait(false) is { Keys: string place } file)
            {
                Add(folder, account, place, file.Metadata);
            }
        }
    }

    private void Add(ExportFolder folder, string account, string place, AmsAssetMetadata asset)
    {
        foreach (AmsStreamingLocator locator in asset.Locators)
        {
            foreach (AmsContentKey key in locator.ContentKeys)
            {
                if (!Guid.TryParse(key.KeyId, out Guid id))
                {
                    continue;
                }

                if (!_entries.TryGetValue(id, out Entry? entry))
                {
                    _entries[id] = entry = new Entry(id, key.KeyId, folder, account, place, []);
                }

                if ((key.PolicyName ?? locator.ContentKeyPolicyName) is { Length: > 0 } policy)
                {
                    entry.Policies.Add(new ExportedPolicy(account, policy));
                }
            }
        }
    }

    /// <param name="Name">The id as the service wrote it, under which it was saved.</param>
    private sealed record Entry(Guid Id, string Name, ExportFolder Folder, string Account, string Place, HashSet<ExportedPolicy> Policies);
}

/// <summary>A content key of an export, without its value.</summary>
/// <param name="Policies">Those of all locators that used it; empty where none was named.</param>
public sealed record ExportedKey(Guid Id, IReadOnlyList<ExportedPolicy> Policies);

/// <summary>A content key policy of an export.</summary>
public sealed record ExportedPolicy(string Account, string Name);
