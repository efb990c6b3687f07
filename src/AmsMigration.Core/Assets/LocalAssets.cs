using AmsMigration.Packaging.Sources;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Assets;

/// <summary>Which assets a local path names.</summary>
public static class LocalAssets
{
    /// <summary>
    /// A folder with files is an asset, and so is one with the track folders of a live archive; a folder that has only other folders holds one asset
    /// in each (a download of many containers); a server manifest or media file is an asset of its own.
    /// </summary>
    /// <param name="path">Full path of something that exists.</param>
    public static IEnumerable<IAssetStore> Find(string path)
    {
        if (File.Exists(path))
        {
            string folder = Path.GetDirectoryName(path)!;
            return [path.EndsWith(".ism", StringComparison.OrdinalIgnoreCase)
                ? new LocalAssetStore(folder)
                : new SingleFileAssetStore(new LocalAssetStore(folder), Path.GetFileName(path))];
        }

        return IsFolderOfAssets(path)
            ? Directory.EnumerateDirectories(path).OrderBy(folder => folder, StringComparer.Ordinal).Select(folder => new LocalAssetStore(folder))
            : [new LocalAssetStore(path)];
    }

    private static bool IsFolderOfAssets(string folder) =>
        !Directory.EnumerateFiles(folder).Any()
        && Directory.EnumerateDirectories(folder).Any()
        && !Directory.EnumerateDirectories(folder).Any(IsTrackFolder);

    /// <summary>Of an archive whose manifests are lost.</summary>
    private static bool IsTrackFolder(string folder) => File.Exists(Path.Combine(folder, AssetReader.TrackHeader));
}

/// <summary>One file of a folder, seen as an asset named after it.</summary>
internal sealed class SingleFileAssetStore(LocalAssetStore folder, string file) : IAssetStore, IOutputWitness
{
    public string Name => Path.GetFileNameWithoutExtension(file);

    public string Location => Path.Combine(folder.Location, file);

    public async Task<IReadOnlyList<AssetFile>> ListAsync(CancellationToken cancellation) =>
        [.. (await folder.ListAsync(cancellation).ConfigureAwait(false)).Where(f => f.Path == file)];

    public Task<CommonPlace?> FindAsync(AssetFile mark, bool isDeep, CancellationToken cancellation) => folder.FindAsync(mark, isDeep, cancellation);

    public Task<IByteSource> OpenAsync(string path, CancellationToken cancellation) => folder.OpenAsync(path, cancellation);
}
