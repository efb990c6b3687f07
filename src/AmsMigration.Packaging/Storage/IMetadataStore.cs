namespace AmsMigration.Packaging.Storage;

/// <summary>
/// An asset's store that can carry names and values beside its files, as a blob container does with its metadata; an <see cref="IAssetStore"/> implements it
/// where it has such a place. Names do not differ by letter case.
/// </summary>
public interface IMetadataStore
{
    /// <summary>What is there; from the listing that found the store where there was one, so that it costs no call for each asset.</summary>
    Task<IReadOnlyDictionary<string, string>> GetMetadataAsync(CancellationToken cancellation);

    /// <summary>Sets the named ones, removes those whose value is null, and leaves the others.</summary>
    Task SetMetadataAsync(IReadOnlyDictionary<string, string?> changes, CancellationToken cancellation);
}
