using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Sources;

/// <summary>The headers of an asset's media files, each read once.</summary>
internal sealed class MediaLibrary
{
    /// <summary>Headers are small: what counts is the wait for each.</summary>
    private const int Parallelism = 8;

    private readonly Dictionary<string, MediaFileContent> _contents = new(StringComparer.Ordinal);

    private MediaLibrary(IReadOnlyList<AssetFile> files) => Files = files;

    /// <summary>What the file index of samples refers to.</summary>
    public IReadOnlyList<AssetFile> Files { get; }

    /// <summary>Files that could not be read, and why.</summary>
    public List<PackagingWarning> Faults { get; } = [];

    public IEnumerable<LeftOutTrack> LeftOut =>
        Files.SelectMany(file => Find(file.Path) is MediaFileContent content ? content.LeftOut : []);

    /// <summary>Null where the file could not be read.</summary>
    public MediaFileContent? Find(string path) => _contents.TryGetValue(path, out MediaFileContent? content) ? content : null;

    public static async Task<MediaLibrary> ReadAsync(IAssetStore store, IReadOnlyList<AssetFile> files, CancellationToken cancellation)
    {
        var library = new MediaLibrary(files);
        using var gate = new SemaphoreSlim(Parallelism);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        object[] results = await Task.WhenAll(files.Select(ReadOneAsync)).ConfigureAwait(false);
        for (int i = 0; i < files.Count; i++)
        {
            switch (results[i])
            {
                case MediaFileContent content:
                    library._contents[files[i].Path] = content;
                    break;
                case PackagingWarning fault:
                    library.Faults.Add(fault);
                    break;
            }
        }

        return library;

        async Task<object> ReadOneAsync(AssetFile file, int index)
        {
            await gate.WaitAsync(stop.Token).ConfigureAwait(false);
            try
            {
                using IByteSource source = await store.OpenAsync(file.Path, stop.Token).ConfigureAwait(false);
                return await Mp4Reader.ReadAsync(source, index, stop.Token).ConfigureAwait(false);
            }
            catch (PackagingException e)
            {
                return new PackagingWarning(e.Code, e.Message);
            }
            catch
            {
                // Without this the others would go on reading for nobody.
                stop.Cancel();
                throw;
            }
            finally
            {
                gate.Release();
            }
        }
    }
}
