using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Transfer;

/// <summary>Leaves long ranges of a source to the service that holds the output, where that is wanted and both sides can.</summary>
internal sealed class RangeCopier(IAssetStore store, IReadOnlyList<AssetFile> files, ServerCopies? copies) : IDisposable
{
    private readonly Dictionary<int, IByteSource> _sources = [];

    /// <returns>False where the lane's bytes have to be read here.</returns>
    public async Task<bool> TryAsync(Lane lane, CancellationToken cancellation)
    {
        if (copies is null || copies.Refusal is not null || lane.Remaining < copies.Threshold)
        {
            return false;
        }

        if (!_sources.TryGetValue(lane.File, out IByteSource? source))
        {
            _sources[lane.File] = source = await store.OpenAsync(files[lane.File].Path, cancellation).ConfigureAwait(false);
        }

        if (source is not IServerReadable readable || source.Length != files[lane.File].Length)
        {
            copies.Refuse("no service can read the source by itself");
            return false;
        }

        if (await lane.TryCopyAsync(readable, copies, cancellation).ConfigureAwait(false))
        {
            return true;
        }

        copies.Refuse("the output lies where no service fetches from another");
        return false;
    }

    /// <summary>Not before the lanes: what a service refuses is read here after all.</summary>
    public void Dispose()
    {
        foreach (IByteSource source in _sources.Values)
        {
            source.Dispose();
        }
    }
}
