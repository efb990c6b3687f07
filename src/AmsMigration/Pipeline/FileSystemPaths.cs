using System.Collections.ObjectModel;
using System.Management.Automation;
using AmsMigration.Assets;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Pipeline;

/// <summary>From what a user types to full paths of the file system: drives, wildcards, home, relative to the session's location.</summary>
internal static class FileSystemPaths
{
    private const string FileSystem = "FileSystem";

    /// <summary>What is there. What is not, or lies outside the file system, becomes an error record, and the others go on.</summary>
    public static IEnumerable<string> ResolveExisting(PSCmdlet cmdlet, IEnumerable<string> paths, bool isLiteral) =>
        paths.SelectMany(path => ResolveExisting(cmdlet, path, isLiteral));

    /// <summary>The assets at paths that exist; one that may not be looked into becomes an error record.</summary>
    public static IEnumerable<IAssetStore> FindAssets(PSCmdlet cmdlet, IEnumerable<string> paths, bool isLiteral)
    {
        foreach (string path in ResolveExisting(cmdlet, paths, isLiteral))
        {
            List<IAssetStore> assets;
            try
            {
                assets = [.. LocalAssets.Find(path)];
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                cmdlet.WriteError(Errors.PathUnreadable(path, e));
                continue;
            }

            foreach (IAssetStore asset in assets)
            {
                yield return asset;
            }
        }
    }

    /// <summary>A path that need not exist. Anything but the file system ends the command: there is nowhere to write to.</summary>
    public static string ResolveNew(PSCmdlet cmdlet, string path)
    {
        // A variable that is not set would be a folder of that name.
        if (string.IsNullOrWhiteSpace(path) || path.IndexOf('\0') >= 0)
        {
            cmdlet.ThrowTerminatingError(Errors.PathWrong(path));
        }

        try
        {
            string full = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
            if (provider.Name != FileSystem)
            {
                cmdlet.ThrowTerminatingError(Errors.NotFileSystem(path, provider.Name));
            }

            return full;
        }
        catch (Exception e) when (IsUnknownPlace(e))
        {
            cmdlet.ThrowTerminatingError(Errors.PathNotFound(path, e));
            throw;
        }
    }

    private static IReadOnlyList<string> ResolveExisting(PSCmdlet cmdlet, string path, bool isLiteral)
    {
        try
        {
            IReadOnlyList<string> resolved = Resolve(cmdlet, path, isLiteral, out ProviderInfo provider);
            if (provider.Name != FileSystem)
            {
                cmdlet.WriteError(Errors.NotFileSystem(path, provider.Name));
            }
            else if (resolved.Count > 0 || !IsThere(cmdlet, path))
            {
                return resolved;
            }
            else
            {
                cmdlet.WriteError(Errors.PatternIsName(path));
            }
        }
        catch (Exception e) when (IsUnknownPlace(e))
        {
            cmdlet.WriteError(Errors.PathNotFound(path, e));
        }

        return [];
    }

    private static IReadOnlyList<string> Resolve(PSCmdlet cmdlet, string path, bool isLiteral, out ProviderInfo provider)
    {
        if (!isLiteral)
        {
            Collection<string> matches = cmdlet.GetResolvedProviderPathFromPSPath(path, out provider);
            return matches;
        }

        string full = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out provider, out _);
        return provider.Name != FileSystem || File.Exists(full) || Directory.Exists(full)
            ? [full]
            : throw new ItemNotFoundException($"Cannot find path '{full}' because it does not exist.");
    }

    /// <summary>A pattern that finds nothing may have been meant as the name of what is there: a folder <c>talks [2019]</c>.</summary>
    private static bool IsThere(PSCmdlet cmdlet, string path)
    {
        string full = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path);
        return File.Exists(full) || Directory.Exists(full);
    }

    private static bool IsUnknownPlace(Exception e) =>
        e is ItemNotFoundException or System.Management.Automation.DriveNotFoundException or ProviderNotFoundException or WildcardPatternException;
}
