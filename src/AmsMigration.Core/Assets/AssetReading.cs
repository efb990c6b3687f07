using AmsMigration.Conversion;
using AmsMigration.Packaging.Sources;

namespace AmsMigration.Assets;

/// <summary>
/// An asset with all that was read to describe it, sample tables included: the headers of a live archive are thousands of small reads, which a conversion that
/// follows at once need not make again. Not for keeping.
/// </summary>
public sealed class AssetReading
{
    private (CountingAssetStore Source, AssetContent? Content)? _read;

    internal AssetReading(AmsAsset asset, CountingAssetStore source, AssetContent content)
    {
        Asset = asset;
        _read = (source, content);
    }

    public AmsAsset Asset { get; }

    /// <summary>Hands over what was read, once: nothing holds it here any more. Null the second time.</summary>
    /// <returns>The store with the listing that it was read by, and the tracks, encrypted ones among them.</returns>
    internal (CountingAssetStore Source, AssetContent? Content)? Take()
    {
        (CountingAssetStore Source, AssetContent? Content)? read = _read;
        _read = null;
        return read;
    }
}
