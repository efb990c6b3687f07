namespace AmsMigration.Packaging.Storage;

/// <summary>Paths below a root, parts separated by '/': the only form in which names from manifests reach a file system or a container.</summary>
public static class RelativePath
{
    /// <summary>True where the path stays below its root and names something in it on every system.</summary>
    public static bool IsSafe(string path) =>
        path.Length > 0
        && path.IndexOfAny(['\\', ':', '\0']) < 0
        && path.Split('/').All(part => part is not ("" or "." or ".."));

    /// <exception cref="PackagingException"><c>UnsafePath</c>.</exception>
    internal static string Resolve(string root, string path) => IsSafe(path)
        ? Path.Combine(root, path.Replace('/', Path.DirectorySeparatorChar))
        : throw new PackagingException("UnsafePath", $"'{path}' does not name a file below '{root}'", path);
}
