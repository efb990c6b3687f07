using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AmsMigration.Assets;
using AmsMigration.Conversion;
using AmsMigration.Infrastructure.Accounts;
using AmsMigration.Infrastructure.Metadata.Formats;
using AmsMigration.Metadata;
using AmsMigration.Packaging.Storage;
using AmsMigration.Runs;
using Azure.Storage.Blobs;

namespace AmsMigration.Infrastructure.Metadata;

/// <summary>
/// What storage alone says of assets, in the shape of an account's export: names of containers, the ids in them, and in the encoder's <c>_metadata.json</c> the
/// address of the file that an asset was made from. Safe for use by several threads.
/// </summary>
internal sealed class StorageExport(IDestination destination)
{
    private const string InputMetadata = "_metadata.json";
    private const int MaxInputMetadata = 16 << 20;
    private const string NoAccount = "local";

    private readonly Dictionary<string, (ExportFolder Folder, List<JsonElement> Assets)> _folders = new(StringComparer.OrdinalIgnoreCase);

    public async Task<AmsAssetMetadata> SaveAsync(AmsAsset asset, CancellationToken cancellation)
    {
        string? account = AccountOf(asset.Location);
        (ExportFolder folder, List<JsonElement> assets) = Folder(account ?? NoAccount);
        AssetFile? earlier = await AssetFile.ReadAsync(folder, asset.AssetName, cancellation).ConfigureAwait(false);
        var metadata = new AmsAssetMetadata
        {
            AssetName = asset.AssetName,
            ContainerName = asset.ContainerName,
            StorageAccountName = account,
            Location = asset.Location,
            AssetId = asset.AssetId,
            AlternateId = asset.AlternateId,
            Created = asset.Created,
            MadeFrom = await FindInputsAsync(asset, cancellation).ConfigureAwait(false),
            Tracks = [.. asset.Tracks.Where(track => track.Refusal is null).Select(track => new AmsTrackDescription
            {
                Name = track.Name, Type = track.Type, FileName = track.File, Language = track.Language,
            })],
            Version2 = VersionTwo.Identify(asset.AssetName, asset.AssetId, null, false, []),
        };
        JsonElement resource = Resource(metadata, asset);
        var file = new AssetFile
        {
            Run = "storage",
            Fingerprint = $"{asset.FileCount}-{asset.Length}",
            Metadata = metadata,
            Resources = new AssetResources { Asset = resource },
        };

        // What an account has said of it is more than storage can say, and stays.
        if (earlier is null || earlier.Metadata.AccountName is null)
        {
            await file.WriteAsync(folder, cancellation).ConfigureAwait(false);
        }

        lock (_folders)
        {
            assets.Add(resource);
        }

        return metadata;
    }

    public async Task<IReadOnlyList<AmsExportSummary>> CompleteAsync(MetadataExportOptions options, CancellationToken cancellation)
    {
        List<AmsExportSummary> summaries = [];
        foreach (KeyValuePair<string, (ExportFolder Folder, List<JsonElement> Assets)> account in _folders)
        {
            ExportFolder folder = account.Value.Folder;
            IOutputClaim claim = await folder.ClaimAsync(cancellation).ConfigureAwait(false);
            try
            {
                using var kind = new KindFile("assets", new SecretScreen(isPlainText: false));
                foreach (JsonElement asset in account.Value.Assets)
                {
                    kind.Add(asset);
                }

                await kind.WriteAsync(folder, cancellation).ConfigureAwait(false);
                DateTimeOffset now = DateTimeOffset.UtcNow;
                var record = new ExportRecord
                {
                    Run = "storage",
                    AccountName = account.Key,
                    Version = Fingerprint.ToolVersion,
                    StartedOn = now,
                    CompletedOn = now,
                    Assets = kind.Count,
                    Resources = new Dictionary<string, int> { [kind.Name] = kind.Count },
                };
                await record.WriteAsync(folder, cancellation).ConfigureAwait(false);
                await ExportFormats.WriteAsync(folder, options, null, cancellation).ConfigureAwait(false);
                summaries.Add(new AmsExportSummary
                {
                    AccountName = account.Key,
                    Path = folder.Location,
                    Assets = kind.Count,
                    Unchanged = 0,
                    Resources = record.Resources,
                    Requests = 0,
                    Problems = [],
                });
            }
            finally
            {
                await claim.ReleaseAsync().ConfigureAwait(false);
            }
        }

        return summaries;
    }

    private (ExportFolder Folder, List<JsonElement> Assets) Folder(string account)
    {
        lock (_folders)
        {
            if (!_folders.TryGetValue(account, out (ExportFolder, List<JsonElement>) known))
            {
                _folders[account] = known = (new ExportFolder(destination.Open(ExportFolder.FileName(account))), []);
            }

            return known;
        }
    }

    private static string? AccountOf(string location) =>
        Uri.TryCreate(location, UriKind.Absolute, out Uri? address) && address.Scheme is "https" or "http" ? new BlobUriBuilder(address).AccountName : null;

    /// <summary>The addresses that the encoder noted in the files that describe its inputs.</summary>
    private static async Task<string[]> FindInputsAsync(AmsAsset asset, CancellationToken cancellation)
    {
        List<string> inputs = [];
        foreach (Packaging.Storage.AssetFile entry in (await asset.Store.ListAsync(cancellation).ConfigureAwait(false))
            .Where(file => file.Path.EndsWith(InputMetadata, StringComparison.OrdinalIgnoreCase) && file.Length <= MaxInputMetadata))
        {
            using IByteSource source = await asset.Store.OpenAsync(entry.Path, cancellation).ConfigureAwait(false);
            byte[] content = new byte[(int)entry.Length];
            int read = 0;
            for (int got; read < content.Length && (got = await source.ReadAsync(read, content, read, content.Length - read, cancellation).ConfigureAwait(false)) > 0;)
            {
                read += got;
            }

            inputs.AddRange(Uris(content, read));
        }

        return [.. inputs.Distinct()];
    }

    /// <summary>Without signatures; none where it is no JSON.</summary>
    private static IEnumerable<string> Uris(byte[] content, int length)
    {
        try
        {
            string text = Encoding.UTF8.GetString(content, 0, length).TrimStart('\uFEFF');
            using JsonDocument document = JsonDocument.Parse(text);
            return [.. Find(document.RootElement).Select(uri => uri.Split('?')[0])];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static IEnumerable<string> Find(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property =>
            property.Name == "Uri" && property.Value.ValueKind == JsonValueKind.String ? [property.Value.GetString()!] : Find(property.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Find),
        _ => [],
    };

    /// <summary>As the service would have described it, as far as storage knows.</summary>
    private static JsonElement Resource(AmsAssetMetadata metadata, AmsAsset asset) => JsonSerializer.SerializeToElement(new JsonObject
    {
        ["name"] = metadata.AssetName,
        ["properties"] = new JsonObject
        {
            ["assetId"] = metadata.AssetId,
            ["created"] = metadata.Created,
            ["container"] = metadata.ContainerName,
            ["storageAccountName"] = metadata.StorageAccountName,
            ["storage"] = new JsonObject
            {
                ["location"] = metadata.Location,
                ["format"] = asset.Format,
                ["manifests"] = new JsonArray([.. asset.Manifests.Select(manifest => (JsonNode)manifest)]),
                ["length"] = asset.Length,
                ["fileCount"] = asset.FileCount,
                ["madeFrom"] = new JsonArray([.. metadata.MadeFrom.Select(input => (JsonNode)input)]),
            },
        },
    });

}
