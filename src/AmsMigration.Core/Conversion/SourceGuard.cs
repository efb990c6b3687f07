using System.Text.RegularExpressions;
using AmsMigration.Assets;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Storage;
using AmsMigration.Runs;

namespace AmsMigration.Conversion;

/// <summary>
/// Keeps an output off the files of its asset, by whatever names both were opened: links, mount points and letter case of folders, host names of an account. An
/// output may lie below its asset, or around it, where it touches no file of it.
/// </summary>
internal static class SourceGuard
{
    public const string Refused = "DestinationIsSource";

    /// <summary>The second host name of an account, which shows the same blobs a while later; names of accounts have no hyphen.</summary>
    private static readonly Regex Secondary = new(@"^([^/.:-]+)-secondary(?=\.)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);

    /// <summary>By their names, before anything is read.</summary>
    /// <exception cref="PackagingException"><c>DestinationIsSource</c>.</exception>
    public static void Check(ConversionPlan plan)
    {
        if (!plan.Options.InPlace && IsSame(plan.Destination, plan.Source.Location))
        {
            throw Refuse(plan, null);
        }
    }

    /// <summary>True where both names cannot but lead to one place.</summary>
    public static bool IsSame(string output, string source) => string.Equals(Simplify(output), Simplify(source), StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Under a claim, before a file is touched: where the file of the claim is seen from the asset, output and asset lie in one place. Far from its root that is
    /// looked for only where files are in the way, for nothing is written over or taken away otherwise.
    /// </summary>
    /// <exception cref="PackagingException"><c>DestinationIsSource</c>, with the file that would be lost; what the source's store throws.</exception>
    public static async Task CheckAsync(ConversionPlan plan, IOutputClaim claim, OutputJudgement judgement, CancellationToken cancellation)
    {
        bool isRemote = plan.Asset.Store is IRemoteStore;
        if (plan.Options.InPlace || isRemote != plan.Output is IRemoteStore || plan.Asset.Store is not IOutputWitness witness)
        {
            return;
        }

        CommonPlace? place = FindByName(plan, isRemote)
            ?? await witness.FindAsync(claim.Mark, judgement.Present.Count > 0, cancellation).ConfigureAwait(false);
        if (place is null)
        {
            return;
        }

        // A film that is converted by itself may have its output beside it.
        if (place is { OutputInAsset: "", AssetInOutput: "" } && plan.Asset.Store is not SingleFileAssetStore)
        {
            throw Refuse(plan, null);
        }

        var own = new HashSet<string>(
            (await plan.Source.ListAsync(cancellation).ConfigureAwait(false)).Select(file => file.Path), isRemote ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase);
        if (judgement.Present.Keys.FirstOrDefault(path => place.ToAsset(path) is string its && own.Contains(its)) is string lost)
        {
            throw Refuse(plan, lost);
        }
    }

    private static PackagingException Refuse(ConversionPlan plan, string? path) => new(
        Refused,
        path is null
            ? $"'{plan.Destination}' is the asset itself; its files are never written over"
            : $"in '{plan.Destination}' it is a file of the asset '{plan.Source.Location}', and those are never written over",
        path);

    /// <summary>An output below its asset whose name says so.</summary>
    private static CommonPlace? FindByName(ConversionPlan plan, bool isRemote)
    {
        char separator = isRemote ? '/' : Path.DirectorySeparatorChar;
        string root = Simplify(plan.Source.Location) + separator;
        string output = Simplify(plan.Destination);
        if (!output.StartsWith(root, StringComparison.Ordinal))
        {
            return null;
        }

        string below = output.Substring(root.Length).Replace(separator, '/');
        return new CommonPlace(isRemote ? Uri.UnescapeDataString(below) : below, "");
    }

    /// <summary>Without what leads to the same place in either form.</summary>
    private static string Simplify(string location)
    {
        int host = location.IndexOf("://", StringComparison.Ordinal);
        return host < 0
            ? location.TrimEnd(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar)
            : Secondary.Replace(location.Substring(host + 3).TrimEnd('/'), "$1");
    }
}
