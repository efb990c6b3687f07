using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AmsMigration.Assets;
using AmsMigration.Infrastructure.Accounts;
using AmsMigration.Infrastructure.Metadata.Secrets;
using AmsMigration.Metadata;

namespace AmsMigration.Infrastructure.Metadata;

/// <summary>Saves one asset of an account: what its lists and actions say, its keys where they are wanted. Safe for use by several threads.</summary>
/// <param name="locators">Resources by the name of their asset; null where the service refused to list them.</param>
/// <param name="storage">The account's own storage account, for assets that name none.</param>
internal sealed class AssetExport(
    AccountExport account, ExportFolder folder, ExportRun run, string accountName, ILookup<string, JsonElement>? locators, Func<string?, string, (string?, string)> storage)
{
    /// <summary>Saves an asset, unless its file says all that would be asked for.</summary>
    public async Task<(AssetFile File, bool IsUnchanged)> SaveAsync(JsonElement asset, bool isForced, CancellationToken cancellation)
    {
        string name = Json.Text(asset, "name") ?? "";
        IReadOnlyList<JsonElement> published = locators is not null
            ? [.. locators[name.ToLowerInvariant()]]
            : await AskLocatorsAsync(name, cancellation).ConfigureAwait(false);
        string fingerprint = Fingerprint(published.Prepend(asset));
        AssetFile? earlier = isForced ? null : await AssetFile.ReadAsync(folder, name, cancellation).ConfigureAwait(false);
        if (earlier is not null && IsEnough(earlier, name, fingerprint) && await AttachKeysAsync(earlier.Metadata, cancellation).ConfigureAwait(false))
        {
            earlier.Metadata.StreamingFilters = FilterJson.Read(earlier.Resources.AssetFilters, account.Filters);
            return (earlier, true);
        }

        AssetFile file = await AskAsync(name, asset, published, fingerprint, earlier, cancellation).ConfigureAwait(false);
        await file.WriteAsync(folder, cancellation).ConfigureAwait(false);
        return (file, false);
    }

    private bool IsEnough(AssetFile earlier, string name, string fingerprint) =>
        earlier.Fingerprint == fingerprint
        && string.Equals(earlier.Metadata.AssetName, name, StringComparison.OrdinalIgnoreCase)
        && (run.IsFrozen || earlier.Run == run.Id)
        && earlier.Metadata.Problems.Length == 0
        && (account.Secrets is null || earlier.Keys == account.Secrets.Name);

    private async Task<IReadOnlyList<JsonElement>> AskLocatorsAsync(string name, CancellationToken cancellation) =>
        await account.ActAsync(ApiVersions.Metadata, cancellation, "assets", name, "listStreamingLocators").ConfigureAwait(false) is JsonElement answer
            ? [.. Json.Items(answer, "streamingLocators")]
            : [];

    private async Task<AssetFile> AskAsync(
        string name, JsonElement asset, IReadOnlyList<JsonElement> published, string fingerprint, AssetFile? earlier, CancellationToken cancellation)
    {
        var own = new AssetProblems(account, name);
        JsonElement properties = ServiceJson.Properties(asset);
        IReadOnlyList<JsonElement> filters = await account.ListAsync(ApiVersions.Metadata, cancellation, "assets", name, "assetFilters").ConfigureAwait(false);
        IReadOnlyList<JsonElement> tracks = await account.ListAsync(ApiVersions.Metadata, cancellation, "assets", name, "tracks").ConfigureAwait(false);
        List<AmsStreamingLocator> read = [];
        List<AmsStreamingUrl> urls = [];
        List<string> downloads = [];
        List<PathsAnswer> paths = [];
        List<ContentKeyValue> keys = [];
        foreach (JsonElement locator in published)
        {
            JsonElement? answer = await AskKeysAsync(locator, keys, cancellation).ConfigureAwait(false);
            AmsStreamingLocator one = ServiceJson.Locator(locator, answer, account.Protection);
            read.Add(one);
            if (await account.ActAsync(ApiVersions.Metadata, cancellation, "streamingLocators", one.Name, "listPaths").ConfigureAwait(false) is JsonElement listed)
            {
                paths.Add(new PathsAnswer($"streamingLocators/{one.Name}/listPaths", one.Name, listed));
                urls.AddRange(ServiceJson.StreamingUrls(one.LocatorId, listed, account.Hosts));
                downloads.AddRange(ServiceJson.DownloadUrls(listed, account.Hosts));
            }
        }

        bool isEncrypted = Json.Text(properties, "storageEncryptionFormat") is string format && format != "None";
        (string? storageName, string location) = storage(Json.Text(properties, "storageAccountName"), Json.Text(properties, "container") ?? "");
        string? assetId = Json.Text(properties, "assetId");
        string? description = Json.Text(properties, "description");
        var metadata = new AmsAssetMetadata
        {
            AssetName = name,
            AccountName = accountName,
            ResourceId = Json.Text(asset, "id"),
            ContainerName = Json.Text(properties, "container") ?? "",
            StorageAccountName = storageName,
            Location = location,
            AssetId = assetId,
            AlternateId = Json.Text(properties, "alternateId"),
            Description = description,
            Created = ServiceJson.Date(properties, "created"),
            LastModified = ServiceJson.Date(properties, "lastModified"),
            IsStorageEncrypted = isEncrypted,
            Locators = [.. read],
            StreamingUrls = [.. urls],
            DownloadUrls = [.. downloads],
            Filters = [.. filters.Select(filter => Json.Text(filter, "name")).OfType<string>()],
            StreamingFilters = FilterJson.Read(filters, account.Filters),
            Tracks = [.. tracks.Select(ServiceJson.Track)],
            Jobs = account.Jobs.JobsOf(name),
            MadeFrom = account.Jobs.InputsOf(name),
            Version2 = VersionTwo.Identify(name, assetId, description, isEncrypted, read),
            StorageKey = isEncrypted ? await AskStorageKeyAsync(name, cancellation).ConfigureAwait(false) : null,
            ContentKeys = keys,
            Problems = own.Mine(published),
        };
        return new AssetFile
        {
            Run = run.Id,
            Fingerprint = fingerprint,
            Keys = account.Secrets?.Name ?? earlier?.Keys,
            Metadata = metadata,
            Resources = new AssetResources
            {
                Asset = asset,
                AssetFilters = filters,
                Tracks = tracks,
                StreamingLocators = [.. published.Select(account.Screen.Screen)],
                StreamingPaths = paths,
            },
        };
    }

    private async Task<JsonElement?> AskKeysAsync(JsonElement locator, List<ContentKeyValue> keys, CancellationToken cancellation)
    {
        if (account.Secrets is null || Json.Text(locator, "name") is not string name)
        {
            return null;
        }

        JsonElement? answer = await account.ActForKeysAsync(cancellation, "streamingLocators", name, "listContentKeys").ConfigureAwait(false);
        foreach (JsonElement key in answer is JsonElement found ? Json.Items(found, "contentKeys") : [])
        {
            if (KeyJson.ContentKey(key) is ContentKeyValue value)
            {
                await account.Secrets.SaveAsync(SecretKind.ContentKey, value.Key.KeyId, ExportJson.Write(key), cancellation).ConfigureAwait(false);
                keys.Add(value);
            }
        }

        return answer;
    }

    private async Task<StorageEncryptionKey?> AskStorageKeyAsync(string name, CancellationToken cancellation)
    {
        if (account.Secrets is null
            || await account.ActForKeysAsync(cancellation, "assets", name, "getEncryptionKey").ConfigureAwait(false) is not JsonElement answer)
        {
            return null;
        }

        await account.Secrets.SaveAsync(SecretKind.StorageEncryption, name, ExportJson.Write(answer), cancellation).ConfigureAwait(false);
        return KeyJson.TryStorageKey(answer);
    }

    /// <summary>False where keys of an earlier run are not where they should be.</summary>
    private async Task<bool> AttachKeysAsync(AmsAssetMetadata metadata, CancellationToken cancellation) =>
        account.Secrets is null || await KeyFinder.AttachAsync(metadata, account.Secrets, cancellation).ConfigureAwait(false);

    /// <summary>To the files of whole kinds.</summary>
    public void Add(AssetResources resources)
    {
        if (resources.Asset is JsonElement asset)
        {
            account.Kind("assets").Add(asset);
        }

        AddAll("assetFilters", resources.AssetFilters);
        AddAll("tracks", resources.Tracks);
        AddAll("streamingLocators", resources.StreamingLocators);
        AddAll("streamingPaths", resources.StreamingPaths.Select(paths => JsonSerializer.SerializeToElement(paths, ExportJson.Options)));
    }

    private void AddAll(string kind, IEnumerable<JsonElement> items)
    {
        foreach (JsonElement item in items)
        {
            account.Kind(kind).Add(item);
        }
    }

    private static string Fingerprint(IEnumerable<JsonElement> resources)
    {
        using var sha = SHA256.Create();
        byte[] hash = sha.ComputeHash(Encoding.UTF8.GetBytes(string.Join("\n", resources.Select(resource => resource.GetRawText()))));
        return string.Concat(hash.Take(16).Select(b => b.ToString("x2")));
    }

    /// <summary>Which of the run's problems are of one asset: its own resources and its locators'.</summary>
    private sealed class AssetProblems(AccountExport account, string name)
    {
        public AmsExportProblem[] Mine(IEnumerable<JsonElement> locators)
        {
            string[] prefixes = [$"assets/{name}/", .. locators.Select(locator => $"streamingLocators/{Json.Text(locator, "name")}/")];
            return [.. account.Problems.All.Where(problem => prefixes.Any(prefix => problem.Resource.StartsWith(prefix, StringComparison.Ordinal)))];
        }
    }
}
