using System.Text.Json;
using AmsMigration.Metadata;

namespace AmsMigration.Infrastructure.Metadata;

/// <summary>The file of one asset: what is known of it, for programs, and the service's own JSON. Written whole when all of it is known.</summary>
internal sealed record AssetFile
{
    private const string Folder = "assets/";

    public int Schema { get; init; } = 1;

    /// <summary>Of the run that wrote it.</summary>
    public required string Run { get; init; }

    /// <summary>Of what the lists say of the asset and its locators: where it is the same nothing that shows has changed.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Where its keys were saved; null where they were not asked for.</summary>
    public string? Keys { get; init; }

    public required AmsAssetMetadata Metadata { get; init; }

    public required AssetResources Resources { get; init; }

    public static string PathOf(string assetName) => $"{Folder}{ExportFolder.FileName(assetName)}.json";

    /// <summary>Null where there is none, or none that can be read.</summary>
    public static async Task<AssetFile?> ReadAsync(ExportFolder folder, string assetName, CancellationToken cancellation)
    {
        string path = PathOf(assetName);
        byte[]? content = await folder.ReadAsync(path, cancellation).ConfigureAwait(false);
        try
        {
            AssetFile? file = content is null ? null : JsonSerializer.Deserialize<AssetFile>(content, ExportJson.Options);
            if (file is not null)
            {
                file.Metadata.MetadataPath = folder.Locate(path);
            }

            return file;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public async Task WriteAsync(ExportFolder folder, CancellationToken cancellation)
    {
        string path = PathOf(Metadata.AssetName);
        await folder.WriteAsync(path, ExportJson.Write(this), cancellation).ConfigureAwait(false);
        Metadata.MetadataPath = folder.Locate(path);
    }
}

/// <summary>What the service said of one asset; of storage alone there is nothing.</summary>
internal sealed record AssetResources
{
    public JsonElement? Asset { get; init; }

    public IReadOnlyList<JsonElement> AssetFilters { get; init; } = [];

    public IReadOnlyList<JsonElement> Tracks { get; init; } = [];

    public IReadOnlyList<JsonElement> StreamingLocators { get; init; } = [];

    public IReadOnlyList<PathsAnswer> StreamingPaths { get; init; } = [];
}

/// <summary>What the action listPaths of a locator answered.</summary>
/// <param name="Resource">Path of the action.</param>
internal sealed record PathsAnswer(string Resource, string Locator, JsonElement Answer);
