using AmsMigration.Assets;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Protection;

namespace AmsMigration.Protection;

/// <summary>Where the keys of assets come from. Safe for use by several threads.</summary>
public interface IContentKeys
{
    /// <summary>The keys of an asset; empty where it has none here.</summary>
    /// <exception cref="PackagingException">There are some that cannot be read; nothing may be written in clear instead.</exception>
    Task<IReadOnlyList<ContentKey>> FindAsync(AmsAsset asset, CancellationToken cancellation);

    /// <summary>Called before anything is written that is encrypted with the keys that were found.</summary>
    /// <exception cref="PackagingException">They cannot be kept: what is encrypted with them would be lost.</exception>
    Task KeepAsync(AmsAsset asset, CancellationToken cancellation);
}

/// <summary>The same keys for every asset.</summary>
public sealed class GivenContentKeys(IReadOnlyList<ContentKey> keys) : IContentKeys
{
    public static GivenContentKeys None { get; } = new([]);

    public Task<IReadOnlyList<ContentKey>> FindAsync(AmsAsset asset, CancellationToken cancellation) => Task.FromResult(keys);

    public Task KeepAsync(AmsAsset asset, CancellationToken cancellation) => Task.CompletedTask;
}
