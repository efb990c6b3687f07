namespace AmsMigration.Packaging.Storage;

/// <summary>
/// An asset's store that sees whether an output lies where the asset does, by whatever other name it was opened: a link, a mount point, another host name of the
/// same account. An <see cref="IAssetStore"/> implements it where that can be.
/// </summary>
public interface IOutputWitness
{
    /// <summary>Looks for the file that a claim on the output is made by. What was listed for reading stays as it is.</summary>
    /// <param name="mark">See <see cref="IOutputClaim.Mark"/>.</param>
    /// <param name="isDeep">Look above and below the asset's root, too, and not in it alone.</param>
    /// <returns>Null where the output lies elsewhere.</returns>
    /// <exception cref="PackagingException">The store cannot be read.</exception>
    Task<CommonPlace?> FindAsync(AssetFile mark, bool isDeep, CancellationToken cancellation);
}

/// <summary>How an asset and an output lie that share a place. Both are empty where they are in the same folder.</summary>
/// <param name="OutputInAsset">The output's folder below the asset's root; empty where it does not lie there.</param>
/// <param name="AssetInOutput">The asset's folder below the output's root; empty where it does not lie there.</param>
public sealed record CommonPlace(string OutputInAsset, string AssetInOutput)
{
    /// <summary>The asset's name for a file of the output; null where it lies outside the asset.</summary>
    public string? ToAsset(string outputPath) => AssetInOutput.Length == 0
        ? Join(OutputInAsset, outputPath)
        : outputPath.StartsWith(AssetInOutput + "/", StringComparison.Ordinal) ? outputPath.Substring(AssetInOutput.Length + 1) : null;

    private static string Join(string folder, string path) => folder.Length == 0 ? path : $"{folder}/{path}";
}
