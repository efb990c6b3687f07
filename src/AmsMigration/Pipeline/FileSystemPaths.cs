using System.Collections.ObjectModel;
using System.Management.Automation;

namespace AmsMigration.Pipeline;

/// <summary>From what a user types to full paths of the file system: drives, wildcards, home, relative to the session's location.</summary>
internal static class FileSystemPaths
{
    /// <summary>What is there. What is not, or is no file or folder, becomes an error record, and the others go on.</summary>
    public static IEnumerable<string> ResolveExisting(PSCmdlet cmdlet, IEnumerable<string> paths, bool isLiteral)
    {
        foreach (string path in paths)
        {
            Collection<string> resolved;
            try
            {
                resolved = Resolve(cmdlet, path, isLiteral, out ProviderInfo provider);
                if (provider.Name != "FileSystem")
                {
                    cmdlet.WriteError(Errors.NotFileSystem(path, provider.Name));
                    continue;
                }
            }
            catch (Exception e) when (e is ItemNotFoundException or System.Management.Automation.DriveNotFoundException or ProviderNotFoundException)
            {
                cmdlet.WriteError(Errors.PathNotFound(path, e));
                continue;
            }

            if (resolved.Count == 0 && !WildcardPattern.ContainsWildcardCharacters(path))
            {
                cmdlet.WriteError(Errors.PathNotFound(path, new ItemNotFoundException($"There is nothing at '{path}'.")));
            }

            foreach (string item in resolved)
            {
                yield return item;
            }
        }
    }

    /// <summary>A path that need not exist.</summary>
    public static string ResolveNew(PSCmdlet cmdlet, string path)
    {
        string full = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
        if (provider.Name != "FileSystem")
        {
            cmdlet.ThrowTerminatingError(Errors.NotFileSystem(path, provider.Name));
        }

        return full;
    }

    private static Collection<string> Resolve(PSCmdlet cmdlet, string path, bool isLiteral, out ProviderInfo provider)
    {
        if (!isLiteral)
        {
            return cmdlet.GetResolvedProviderPathFromPSPath(path, out provider);
        }

        string full = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out provider, out _);
        return provider.Name == "FileSystem" && !File.Exists(full) && !Directory.Exists(full)
            ? throw new ItemNotFoundException($"There is nothing at '{path}'.")
            : [full];
    }
}
